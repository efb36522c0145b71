import { html, render } from "../js/html.js";
import { button } from "./button.js";
import { icon } from "./icon.js";
import { describeError } from "./states.js";

const SHOWN_MS = 6_000;
const ICONS = { success: "circle-check", danger: "circle-alert", neutral: "check" };

/**
 * A short message at the bottom; stays while pointed at or focused.
 * @param {{ text: string, tone?: "neutral" | "success" | "danger", action?: { label: string, run: () => void } }} options
 */
export function toast({ text, tone = "neutral", action }) {
  const element = document.createElement("div");
  element.className = "toast";
  element.dataset.tone = tone;
  element.setAttribute("role", tone === "danger" ? "alert" : "status");
  render(
    element,
    html`${icon(ICONS[tone])}<span>${text}</span>
      ${action && button({ label: action.label, size: "small", variant: "ghost", attributes: { "data-action": "act" } })}
      ${button({ label: "Dismiss", icon: "x", iconOnly: true, size: "small", variant: "ghost", attributes: { "data-action": "dismiss" } })}`,
  );
  element.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    if (!pressed) return;
    if (pressed.getAttribute("data-action") === "act") action?.run();
    element.remove();
  });
  region().append(element);
  expire(element);
  return element;
}

/** What went wrong, in words. @param {unknown} error */
export const toastError = (error) => toast({ tone: "danger", text: describeError(error, "").text });

/** @param {HTMLElement} element */
function expire(element) {
  let timer = setTimeout(() => element.remove(), SHOWN_MS);
  const hold = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(() => element.remove(), SHOWN_MS);
  };
  element.addEventListener("pointerenter", hold);
  element.addEventListener("focusin", hold);
  element.addEventListener("pointerleave", resume);
  element.addEventListener("focusout", resume);
}

/** The region lives in the topmost modal dialog, because everything outside of that is inert. */
function region() {
  const host = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  let region = host.querySelector(":scope > .toasts");
  if (!(region instanceof HTMLElement)) {
    region = document.createElement("div");
    region.className = "toasts";
    host.append(region);
  }
  if (region instanceof HTMLElement && region.showPopover) {
    region.popover = "manual";
    if (region.matches(":popover-open")) region.hidePopover();
    region.showPopover();
  }
  return region;
}
