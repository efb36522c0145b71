/** Shows `data-tooltip` beside the element that has the pointer or the focus; Escape hides it (WCAG 1.4.13). */

const GAP = 8;

export function enableTooltips() {
  const tip = document.createElement("div");
  tip.className = "tooltip";
  tip.popover = "manual";
  tip.setAttribute("aria-hidden", "true"); // the element's own label says the same
  document.body.append(tip);

  const show = (/** @type {Event} */ event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-tooltip]") : null;
    if (!(target instanceof HTMLElement)) return hide();
    if (event.type === "focusin" && !target.matches(":focus-visible")) return;
    (target.closest("dialog:modal") ?? document.body).append(tip);
    tip.textContent = target.dataset.tooltip ?? "";
    tip.showPopover();
    place(tip, target.getBoundingClientRect());
  };
  const hide = () => {
    if (tip.matches(":popover-open")) tip.hidePopover();
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}

/** Above when there is room, else below; never over the window's edge. @param {HTMLElement} tip @param {DOMRect} at */
function place(tip, at) {
  const box = tip.getBoundingClientRect();
  const left = Math.min(Math.max(GAP, at.left + at.width / 2 - box.width / 2), innerWidth - box.width - GAP);
  const above = at.top - box.height - GAP;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > GAP ? above : at.bottom + GAP}px`;
}
