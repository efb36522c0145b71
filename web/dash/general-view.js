import { button } from "../shared/components/button.js";
import { field, showFieldError, watchForm } from "../shared/components/field.js";
import { describeError, errorView, notice, skeleton } from "../shared/components/states.js";
import { toast } from "../shared/components/toast.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { mountLogoField } from "./logo-field.js";
import { whoGrants } from "./people.js";
import { FIELDS, changesOf, problemOf, valuesOf } from "./settings-rules.js";

/** @typedef {import("./settings-rules.js").Settings} Settings */
/** @typedef {import("./overview-view.js").Context} Context */

/** Name, link, zone, support address and logo. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function generalView(context) {
  return {
    title: "General",
    mount(container, visit) {
      const start = () =>
        load(
          async () => {
            const settings = await context.api.get("client/settings", { signal: visit.signal });
            const who = context.workspace.may("settings.write") ? null : await whoGrants(context.api, visit.signal);
            return { settings, who };
          },
          (loading) => {
            if (loading.phase === "slow") render(container, skeleton(["title", "control", "control", "control", "card"]));
            if (loading.phase === "failed") render(container, errorView(describeError(loading.error, "The settings could not be loaded")));
            if (loading.phase === "ready") run(container, visit, context, loading.data);
          },
        );
      listen(container, "click", "[data-action=retry]", () => void start());
      return start();
    },
  };
}

/**
 * @param {HTMLElement} container @param {import("../shared/components/shell.js").Visit} visit @param {Context} context
 * @param {{ settings: Settings, who: string | null }} loaded `who` can grant the right that is missing
 */
function run(container, { signal, guard }, context, { settings, who }) {
  let saved = settings;
  render(container, page(saved, who));
  mountLogoField(find(container, "[data-slot=logo]", HTMLElement), { context, url: saved.logo_url, signal });
  if (who) return;
  const form = find(container, "form", HTMLFormElement);
  const bar = find(form, ".save-bar", HTMLElement);

  function changed() {
    return changesOf(saved, valuesOf(form));
  }

  /** @param {{ busy?: boolean, error?: unknown }} [state] */
  function showBar({ busy = false, error } = {}) {
    const names = Object.keys(changed()).map((name) => FIELDS[name]);
    bar.hidden = names.length === 0 && !error;
    render(bar, saveBar({ names, busy, error }));
  }

  /** @param {Partial<Settings>} changes */
  async function put(changes) {
    const before = saved;
    saved = await context.api.put("client/settings", changes);
    if (saved.name !== before.name) context.workspace.rename(saved.name);
    return before;
  }

  async function save() {
    const changes = changed();
    showBar({ busy: true });
    try {
      const before = await put(changes);
      showBar();
      const undo = Object.fromEntries(Object.keys(changes).map((name) => [name, before[/** @type {keyof Settings} */ (name)]]));
      toast({ tone: "success", text: "Settings saved.", action: { label: "Undo", run: () => void takeBack(undo) } });
    } catch (error) {
      showRefusal(form, error);
      showBar({ error });
    }
  }

  /** @param {Partial<Settings>} changes */
  async function takeBack(changes) {
    try {
      await put(changes);
      // What was typed into the others since stays.
      if (!signal.aborted) fill(form, saved, Object.keys(changes));
      showBar();
    } catch (error) {
      toast({ tone: "danger", text: describeError(error, "").text });
    }
  }

  guard(() => {
    const names = Object.keys(changed()).map((name) => FIELDS[name]);
    return names.length ? `What you changed here is lost: ${new Intl.ListFormat("en").format(names)}.` : null;
  });
  form.addEventListener("input", () => showBar());
  listen(form, "click", "[data-action=discard]", () => {
    fill(form, saved, Object.keys(FIELDS));
    for (const input of form.querySelectorAll("input")) showFieldError(input, null);
    showBar();
  });
  watchForm(form, { problemOf: ({ name, value }) => problemOf(name, value), onValid: () => void (Object.keys(changed()).length && save()) });
}

/** @param {HTMLFormElement} form @param {Settings} settings @param {readonly string[]} names of the fields to fill */
function fill(form, settings, names) {
  for (const input of form.querySelectorAll("input[name]")) {
    if (input instanceof HTMLInputElement && names.includes(input.name)) input.value = settings[/** @type {keyof Settings} */ (input.name)] ?? "";
  }
}

/** Each reason beside its field. @param {HTMLFormElement} form @param {unknown} error */
function showRefusal(form, error) {
  const { fields = {} } = /** @type {{ fields?: Record<string, string> }} */ (error);
  const inputs = Object.entries(fields).map(([name, reason]) => [form.querySelector(`input[name="${CSS.escape(name)}"]`), reason]);
  for (const [input, reason] of inputs) if (input instanceof HTMLInputElement) showFieldError(input, String(reason));
  const first = inputs[0]?.[0];
  if (first instanceof HTMLInputElement) first.focus();
}

/** @param {Settings} settings @param {string | null} who */
function page(settings, who) {
  const disabled = Boolean(who);
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  return html`
    ${who && notice({ icon: "lock", children: `You can look but not change this. Ask ${who} for the role of admin.` })}
    <section class="card logo-card"><div class="card-head"><h2>Logo</h2></div><div data-slot="logo"></div></section>
    <form class="card stack settings-form">
      <h2>About this workspace</h2>
      ${field({ id: "name", label: FIELDS.name, value: settings.name, help: "Promoters see it on the coupon page.", attributes: { disabled, autocomplete: "organization" } })}
      ${field({ id: "slug", name: "", label: "Address", value: settings.slug, help: "Part of links that exist already, so it stays.", attributes: { readonly: true } })}
      ${field({ id: "referral_link", label: FIELDS.referral_link, optional: true, type: "url", value: settings.referral_link ?? "", help: "The code takes the place of {code}, like https://shop.example/?promo={code}", attributes: { disabled, inputmode: "url", autocomplete: "off" } })}
      ${field({ id: "zone", label: FIELDS.zone, value: settings.zone, help: "Dates, schedules and reports use it.", attributes: { disabled, list: "zones", autocomplete: "off" } })}
      <datalist id="zones">${zones.map((zone) => html`<option value="${zone}"></option>`)}</datalist>
      ${field({ id: "support_email", label: FIELDS.support_email, optional: true, type: "email", value: settings.support_email ?? "", help: "Where your subscribers reach you.", attributes: { disabled, autocomplete: "email" } })}
      <div class="save-bar" hidden></div>
    </form>`;
}

/** @param {{ names: string[], busy: boolean, error?: unknown }} options */
function saveBar({ names, busy, error }) {
  const failed = error ? describeError(error, "") : null;
  return html`
    ${failed && notice({ tone: "danger", icon: failed.icon, children: html`Not saved. ${failed.text}${failed.requestId && html` <span class="request-id">Request <code>${failed.requestId}</code></span>`}` })}
    <span class="muted" role="status">${names.length ? `Not saved yet: ${new Intl.ListFormat("en").format(names)}` : ""}</span>
    <span class="row push">
      ${button({ label: "Discard", variant: "ghost", disabled: busy, attributes: { "data-action": "discard" } })}
      ${button({ label: "Save", type: "submit", variant: "primary", busy })}
    </span>`;
}
