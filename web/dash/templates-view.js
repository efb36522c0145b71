import { button } from "../shared/components/button.js";
import { icon } from "../shared/components/icon.js";
import { notice } from "../shared/components/states.js";
import { toast, toastError } from "../shared/components/toast.js";
import { assetAddress } from "../shared/js/config.js";
import { formatNumber } from "../shared/js/format.js";
import { attrs, find, html, listen, render } from "../shared/js/html.js";
import { pagedTable } from "../shared/js/paged-table.js";
import { whoGrants } from "./people.js";
import { duplicateTemplate, makeTemplate } from "./templates-new.js";
import { chooseVersion } from "./templates-versions.js";

/** @typedef {import("./overview-view.js").Context} Context */
/** @typedef {{ slug: string, name: string, web: boolean, bot: boolean, archived: boolean, version: number | null, changed: boolean, published_at: string | null, thumbnail_url: string | null, pictures: number }} Template */
/** @typedef {"web" | "bot" | "archived"} Switch */

const PLACES = { web: "the web gallery", bot: "the Telegram bot" };
/** @type {Record<string, { label: string, icon: string, which: Switch, value: boolean, danger?: boolean }>} */
const BULK = {
  "web-on": { label: "Show on the web", icon: "image", which: "web", value: true },
  "web-off": { label: "Hide on the web", icon: "x", which: "web", value: false },
  "bot-on": { label: "Show in the bot", icon: "bot", which: "bot", value: true },
  "bot-off": { label: "Hide in the bot", icon: "x", which: "bot", value: false },
  archive: { label: "Archive", icon: "trash", which: "archived", value: true },
  restore: { label: "Bring back", icon: "undo-2", which: "archived", value: false },
};

/** Where each template is shown, and in which order. @param {Context} context @returns {import("../shared/components/shell.js").View} */
export function templatesView(context) {
  return { title: "Templates", mount: (container, { signal }) => new Library(context, container, signal).start() };
}

class Library {
  #context;
  #signal;
  #container;
  /** Those on the page, in the gallery's order. @type {Map<string, Template>} */
  #known = new Map();
  /** @type {() => Promise<void>} */
  #again = async () => {};

  /** @param {Context} context @param {HTMLElement} container @param {AbortSignal} signal */
  constructor(context, container, signal) {
    this.#context = context;
    this.#container = container;
    this.#signal = signal;
  }

  start() {
    const { api, workspace } = this.#context;
    const mayWrite = workspace.may("templates.write");
    render(this.#container, html`${!mayWrite && html`<div data-slot="notice"></div>`}<div class="stack" data-slot="list"></div>`);
    if (!mayWrite) void this.#tellWho();
    const list = find(this.#container, "[data-slot=list]", HTMLElement);
    this.#again = pagedTable(list, {
      api,
      signal: this.#signal,
      path: "client/templates",
      head: {
        title: "Templates",
        text: "In the order of your gallery. The web and the bot follow a change at once.",
        action: mayWrite ? button({ label: "New template", icon: "plus", variant: "primary", attributes: { "data-new": true } }) : undefined,
      },
      empty: { icon: "images", title: "No template yet", text: "Templates stand here, with where each of them is shown." },
      table: {
        label: "Templates",
        noun: ["template", "templates"],
        idOf: (row) => row.slug,
        nameOf: (row) => row.name,
        filters: [
          { key: "shown", label: "Shown somewhere", test: (row) => !row.archived && (row.web || row.bot) },
          { key: "archived", label: "Archived", test: (row) => row.archived },
        ],
        bulk: mayWrite ? Object.entries(BULK).map(([id, { label, icon, danger }]) => ({ id, label, icon, danger })) : undefined,
        columns: this.#columns(mayWrite),
      },
    });
    this.#listen(list);
    return this.#again();
  }

  async #tellWho() {
    const who = await whoGrants(this.#context.api, this.#signal);
    render(find(this.#container, "[data-slot=notice]", HTMLElement), notice({ icon: "lock", children: `You can look, but not change where templates are shown. Ask ${who} for the role of admin.` }));
  }

  /** @param {HTMLElement} list */
  #listen(list) {
    const named = (/** @type {HTMLElement} */ control) => this.#known.get(String(control.dataset.slug));
    listen(list, "change", "[data-switch]", (_event, box) => {
      const row = named(box);
      if (row) void this.#turn([row], /** @type {Switch} */ (box.dataset.switch), /** @type {HTMLInputElement} */ (box).checked);
    });
    listen(list, "click", "[data-archive]", (_event, control) => {
      const row = named(control);
      if (row) void this.#turn([row], "archived", !row.archived);
    });
    listen(list, "click", "[data-new]", () => void this.#begin(() => makeTemplate(this.#context)));
    listen(list, "click", "[data-duplicate]", (_event, control) => {
      const row = named(control);
      if (row) void this.#begin(() => duplicateTemplate(this.#context, row));
    });
    listen(list, "click", "[data-move]", (_event, control) => {
      const row = named(control);
      if (row) void this.#move(row, Number(control.dataset.move));
    });
    listen(list, "click", "[data-versions]", (_event, control) => {
      const row = named(control);
      if (row) void this.#versions(row);
    });
    list.addEventListener("bulk-action", (event) => {
      const { action, ids } = /** @type {CustomEvent} */ (event).detail;
      const rows = ids.flatMap((/** @type {string} */ slug) => this.#known.get(slug) ?? []);
      void this.#turn(rows, BULK[action].which, BULK[action].value);
    });
  }

  /** A new template is opened at once. @param {() => Promise<string | null>} make */
  async #begin(make) {
    try {
      const slug = await make();
      if (slug && !this.#signal.aborted) location.hash = `#/promo/templates/${slug}/edit`;
    } catch (error) {
      toastError(error);
    }
  }

  /** @param {Template[]} rows @param {Switch} which @param {boolean} value */
  async #turn(rows, which, value) {
    const changed = rows.filter((row) => row[which] !== value);
    const slugs = changed.map(({ slug }) => slug);
    if (!slugs.length) return toast({ text: "They stand like that already." });
    const set = (/** @type {boolean} */ to) => this.#do(() => this.#context.api.post("client/templates/visibility", { slugs, [which]: to }));
    if (!(await set(value))) return;
    const what = changed.length > 1 ? `${formatNumber(changed.length)} templates` : changed[0].name;
    toast({ tone: "success", text: said(what, which, value), action: { label: "Undo", run: () => void set(!value) } });
  }

  /** @param {Template} row @param {number} by places, up is less than nothing */
  async #move(row, by) {
    const slugs = [...this.#known.keys()];
    const from = slugs.indexOf(row.slug);
    const to = from + by;
    if (to < 0 || to >= slugs.length) return;
    [slugs[from], slugs[to]] = [slugs[to], slugs[from]];
    await this.#do(() => this.#context.api.put("client/templates/order", { slugs: slugs.slice(0, Math.max(from, to) + 1) }));
    const controls = /** @type {HTMLElement[]} */ ([...this.#container.querySelectorAll("[data-move]")]);
    controls.find((each) => each.dataset.slug === row.slug && Number(each.dataset.move) === by)?.focus();
  }

  /** @param {Template} row */
  async #versions(row) {
    const number = await chooseVersion(this.#context, row, this.#signal);
    if (number === null) return;
    const go = (/** @type {number} */ to) => this.#do(() => this.#context.api.post(`client/templates/${row.slug}/versions/${to}/restore`, {}));
    if (await go(number)) {
      toast({ tone: "success", text: `New pictures of ${row.name} are made of version ${number}.`, action: { label: "Undo", run: () => void go(row.version ?? 0) } });
    }
  }

  /** @param {() => Promise<unknown>} act @returns {Promise<boolean>} */
  async #do(act) {
    let isDone = false;
    try {
      await act();
      isDone = true;
    } catch (error) {
      toastError(error);
    }
    // Also after a refusal: a switch shows what the server holds.
    if (!this.#signal.aborted) {
      this.#known.clear();
      await this.#again();
    }
    return isDone;
  }

  /** @param {boolean} mayWrite @returns {import("../shared/components/table-data.js").Column<Template>[]} */
  #columns(mayWrite) {
    return [
      { key: "name", label: "Template", fixed: true, value: (row) => row.name, show: (row) => this.#name(row) },
      { key: "web", label: "Web", value: (row) => (row.web ? 1 : 0), show: (row) => switchOf(row, "web", mayWrite) },
      { key: "bot", label: "Bot", value: (row) => (row.bot ? 1 : 0), show: (row) => switchOf(row, "bot", mayWrite) },
      { key: "state", label: "State", value: (row) => stateOf(row).label, show: (row) => html`<span class="tag"${attrs({ "data-tone": stateOf(row).tone })}>${stateOf(row).label}</span>` },
      { key: "pictures", label: "Pictures in 30 days", align: "end", value: (row) => row.pictures, show: (row) => html`<span class="numbers">${formatNumber(row.pictures)}</span>` },
      { key: "version", label: "Version", align: "end", value: (row) => row.version },
      { key: "published", label: "Published", value: (row) => (row.published_at ? new Date(row.published_at) : null) },
      { key: "act", label: "Actions", fixed: true, control: true, align: "end", value: () => null, show: (row) => actions(row, mayWrite) },
    ];
  }

  /** @param {Template} row */
  #name(row) {
    this.#known.set(row.slug, row);
    const address = row.thumbnail_url && assetAddress(row.thumbnail_url, this.#context.config.assetBase);
    return html`<span class="template-name">${address ? html`<img src="${address}" alt="" width="48" height="48" loading="lazy">` : icon("image")}
      <span class="two-lines"><strong>${row.name}</strong><span class="muted small">${row.slug}${row.changed && row.version !== null && " · has unpublished changes"}</span></span></span>`;
  }
}

/** @param {string} what @param {Switch} which @param {boolean} value */
function said(what, which, value) {
  if (which === "archived") return value ? `${what}: archived, shown nowhere.` : `${what}: brought back.`;
  return `${what}: ${value ? "shown in" : "hidden from"} ${PLACES[which]}.`;
}

/** @param {Template} row */
function stateOf(row) {
  if (row.archived) return { label: "Archived", tone: "neutral" };
  if (row.version === null) return { label: "Draft", tone: "neutral" };
  return row.web || row.bot ? { label: "Shown", tone: "success" } : { label: "Hidden", tone: "warning" };
}

/** @param {Template} row @param {"web" | "bot"} which @param {boolean} mayWrite */
function switchOf(row, which, mayWrite) {
  return html`<span class="switch"><input type="checkbox" role="switch" aria-label="${row.name} in ${PLACES[which]}" data-switch="${which}" data-slug="${row.slug}"${attrs({ checked: row[which], disabled: !mayWrite || row.archived || row.version === null })}></span>`;
}

/** @param {Template} row @param {boolean} mayWrite */
function actions(row, mayWrite) {
  const small = /** @type {const} */ ({ size: "small", iconOnly: true, variant: "ghost" });
  const of = (/** @type {string} */ name, value = "") => ({ [`data-${name}`]: value, "data-slug": row.slug });
  return html`<span class="template-acts">
    ${mayWrite && button({ label: `Move ${row.name} up`, icon: "arrow-up", ...small, attributes: of("move", "-1") })}
    ${mayWrite && button({ label: `Move ${row.name} down`, icon: "arrow-down", ...small, attributes: of("move", "1") })}
    ${button({ label: `${mayWrite ? "Edit" : "Look at"} ${row.name}`, icon: mayWrite ? "pencil" : "image", ...small, href: `#/promo/templates/${row.slug}/edit` })}
    ${mayWrite && button({ label: `Duplicate ${row.name}`, icon: "copy", ...small, attributes: of("duplicate") })}
    ${row.version !== null && button({ label: `Versions of ${row.name}`, icon: "clock", ...small, attributes: of("versions") })}
    ${mayWrite && button({ label: row.archived ? `Bring ${row.name} back` : `Archive ${row.name}`, icon: row.archived ? "undo-2" : "trash", ...small, attributes: of("archive") })}
  </span>`;
}
