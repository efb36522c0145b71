/** The living page: every component in each of its states, in both palettes. */

import "../shared/components/code-field.js";
import "../shared/components/menu.js";
import "../shared/components/table.js";
import { ApiError } from "../shared/js/api.js";
import { formatNumber } from "../shared/js/format.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { button } from "../shared/components/button.js";
import { CodeField } from "../shared/components/code-field.js";
import { confirmDestruction, openDialog, openDrawer } from "../shared/components/dialog.js";
import { field, watchForm } from "../shared/components/field.js";
import { icon } from "../shared/components/icon.js";
import { Menu } from "../shared/components/menu.js";
import { enablePalette, openPalette } from "../shared/components/palette.js";
import { progressView } from "../shared/components/progress.js";
import { segmented } from "../shared/components/segmented.js";
import { describeError, emptyView, errorView, noPermissionView, notice, skeleton } from "../shared/components/states.js";
import { switchField } from "../shared/components/switch.js";
import { Table } from "../shared/components/table.js";
import { mountThemeButton } from "../shared/components/theme-button.js";
import { toast } from "../shared/components/toast.js";
import { enableTooltips } from "../shared/components/tooltip.js";
import { ROWS } from "./samples.js";

/** @typedef {import("../shared/components/code-field.js").CodeStatus} CodeStatus */

/** @type {{ id: string, value: string, status: CodeStatus }[]} */
const CODE_STATES = [
  { id: "idle", value: "", status: { kind: "idle" } },
  { id: "checking", value: "SUMMER25", status: { kind: "checking" } },
  { id: "valid", value: "SUMMER25", status: { kind: "valid", validUntil: new Date(Date.UTC(2031, 11, 3, 12)) } },
  { id: "invalid", value: "SUMER25", status: { kind: "invalid", message: "This code is not valid. Check its spelling, or ask whoever gave it to you." } },
  { id: "unknown", value: "SUMMER25", status: { kind: "unknown" } },
  { id: "limited", value: "SUMMER25", status: { kind: "limited", secondsLeft: 42 } },
  { id: "malformed", value: "★", status: { kind: "malformed", message: "A code needs at least one letter A–Z or digit." } },
];
const TONE_OF = { valid: "success", invalid: "danger", unknown: "warning" };
const COLOURS = ["canvas", "sidebar", "surface", "raised", "border", "text", "text-soft", "text-muted", "primary", "success", "warning", "danger"];
const DATA_COLOURS = [1, 2, 3, 4, 5, 6].map((number) => `data-${number}`);

const SECTIONS = [
  part("Buttons", html`
    <div class="row">
      ${button({ label: "Primary", variant: "primary" })} ${button({ label: "Secondary" })} ${button({ label: "Outline", variant: "outline" })}
      ${button({ label: "Ghost", variant: "ghost" })} ${button({ label: "Delete template", variant: "danger", icon: "x" })}
    </div>
    <div class="row">
      ${button({ label: "Busy", variant: "primary", busy: true })} ${button({ label: "Disabled", disabled: true })}
      ${button({ label: "Small", size: "small" })} ${button({ label: "Copy", icon: "copy", iconOnly: true, variant: "outline" })}
      ${button({ label: "A link", href: "#", icon: "link", variant: "ghost" })}
    </div>`),
  part("Code field", html`${CODE_STATES.map(({ id }) => html`<ps-code-field id="code-${id}" label="Coupon code, ${id}" placeholder="For example SUMMER25"></ps-code-field>`)}`),
  part("Fields", html`
    <form id="form" class="stack">
      ${field({ id: "headline", label: "Headline", help: "At most 40 characters.", value: "Summer starts here", attributes: { maxlength: 60 } })}
      ${field({ id: "mail", label: "E-mail", type: "email", value: "name@", error: "This address has no domain. Add what stands after the @." })}
      ${field({ id: "note", label: "Note", optional: true })}
      ${field({ id: "fixed", label: "Slug", value: "summer-starts", help: "Cannot change once published.", attributes: { disabled: true } })}
      <div class="row">${button({ label: "Save", variant: "primary", type: "submit" })}</div>
    </form>`),
  part("Segmented and switch", html`
    ${segmented({
      name: "format",
      label: "Format",
      value: "square",
      options: [
        { value: "square", label: "Square", shape: "square" },
        { value: "story", label: "Story", shape: "story" },
        { value: "feed", label: "Feed", shape: "feed" },
        { value: "wide", label: "Wide", shape: "wide", disabled: true },
      ],
    })}
    ${switchField({ name: "on", label: "Logo on the picture", checked: true })}
    ${switchField({ name: "off", label: "In the Telegram bot", help: "Seen by subscribers within a second.", checked: false })}
    ${switchField({ name: "locked", label: "Archived", checked: false, disabled: true })}`),
  part("Chips and tags", html`
    <div class="row">
      <button type="button" class="chip" aria-pressed="true">Published</button><button type="button" class="chip" aria-pressed="false">Draft</button>
      <span class="tag">Draft</span><span class="tag" data-tone="success">${icon("check")}Valid</span>
      <span class="tag" data-tone="warning">${icon("clock")}Waiting</span><span class="tag" data-tone="danger">${icon("x")}Failed</span>
    </div>`),
  part("Card", html`
    <section class="card"><header class="card-head"><h3>Midnight</h3><span class="tag push" data-tone="success">${icon("check")}Published</span></header>
      <p class="soft">Three formats, one public text.</p></section>`),
  part("Dialog, drawer, toast, menu, palette", html`
    <div class="row">
      ${button({ label: "Dialog", attributes: { "data-open": "dialog" } })} ${button({ label: "Delete…", attributes: { "data-open": "confirm" } })}
      ${button({ label: "Drawer", attributes: { "data-open": "drawer" } })} ${button({ label: "Toast with undo", attributes: { "data-open": "toast" } })}
      ${button({ label: "Failed toast", attributes: { "data-open": "toast-danger" } })} ${button({ label: "Palette", attributes: { "data-open": "palette" } })}
      <ps-menu label="More actions" align="start"></ps-menu>
      ${button({ label: "With a tooltip", icon: "circle-question-mark", iconOnly: true, variant: "outline" })}
    </div>`),
  part("Progress", html`
    ${progressView({ label: "Rendering pictures", unit: "pictures", done: 0, total: 1204, elapsedS: 0 })}
    ${progressView({ label: "Rendering pictures", unit: "pictures", done: 412, total: 1204, elapsedS: 31, failed: 3 })}
    ${progressView({ label: "Sending", unit: "messages", done: 1204, total: 1204, elapsedS: 93 })}
    ${progressView({ label: "Sending", unit: "messages", done: 640, total: 1204, elapsedS: 55, stopped: true })}`),
  part("Notices", html`
    ${notice({ children: "You see a sample code." })} ${notice({ tone: "success", icon: "circle-check", children: "Saved." })}
    ${notice({ tone: "warning", children: "The code can’t be checked right now." })} ${notice({ tone: "danger", children: "The file arrived damaged and was not saved." })}`),
  part("Skeleton", skeleton(["title", "text", "third", "control", "card"])),
  part("Empty", emptyView({ icon: "images", title: "No templates yet", text: "Upload a picture and draw the place of the code.", action: button({ label: "New template", icon: "plus", variant: "primary" }) })),
  part("Error", errorView(describeError(new ApiError("", { code: "http_503", status: 503, requestId: "5f2c1e0b9a" }), "The templates could not be loaded"))),
  part("Error: no connection", errorView(describeError(new ApiError("", { code: "offline" }), "The templates could not be loaded"))),
  part("Error: too many requests", errorView(describeError(new ApiError("", { code: "too_many_requests", status: 429, retryAfter: 75 }), "The templates could not be loaded"))),
  part("No permission", noPermissionView({ what: "revenue", who: "the owner of this workspace" })),
  part("Colours", html`<div class="swatches">${[...COLOURS, ...DATA_COLOURS].map((name) => html`<span class="swatch"><i data-colour="${name}"></i>${name}</span>`)}</div>`),
  part("Table", html`<ps-table id="table"></ps-table>`, "book-wide"),
];

/** @param {string} title @param {import("../shared/js/html.js").Html} content @param {string} [className] */
function part(title, content, className = "") {
  return html`<section class="${className}" aria-label="${title}"><h2>${title}</h2>${content}</section>`;
}

function fill() {
  for (const { id, value, status } of CODE_STATES) {
    const input = find(document, `#code-${id}`, CodeField);
    input.value = value;
    input.status = status;
  }
  for (const swatch of document.querySelectorAll("[data-colour]")) {
    if (swatch instanceof HTMLElement) swatch.style.background = `var(--color-${swatch.dataset.colour})`;
  }
  find(document, "ps-menu", Menu).items = [
    { id: "edit", label: "Edit", icon: "pencil" },
    { id: "copy", label: "Duplicate", icon: "copy" },
    "divider",
    { id: "delete", label: "Delete", icon: "x", tone: "danger" },
  ];
  const table = find(document, "#table", Table);
  table.model = {
    label: "Codes",
    noun: ["code", "codes"],
    idOf: (row) => row.code,
    rows: ROWS,
    columns: [
      { key: "code", label: "Code", value: (row) => row.code, fixed: true },
      { key: "template", label: "Template", value: (row) => row.template },
      { key: "state", label: "State", value: (row) => row.state, show: (row) => stateTag(row.state) },
      { key: "taken", label: "Pictures taken", value: (row) => row.taken, align: "end" },
      { key: "at", label: "Last taken", value: (row) => row.at, align: "end" },
    ],
    filters: [
      { key: "valid", label: "Valid", test: (row) => row.state === "valid" },
      { key: "busy", label: `Over ${formatNumber(700)} pictures`, test: (row) => row.taken > 700 },
    ],
    bulk: [
      { id: "check", label: "Check again", icon: "refresh-cw" },
      { id: "delete", label: "Delete", icon: "x", danger: true },
    ],
  };
}

/** @param {keyof typeof TONE_OF} state */
function stateTag(state) {
  return html`<span class="tag" data-tone="${TONE_OF[state]}">${state}</span>`;
}

const commands = () => [
  { id: "templates", label: "Templates", hint: "Promo", icon: "images", run: () => toast({ text: "Templates" }) },
  { id: "coupons", label: "Coupons", hint: "Promo", icon: "ticket", run: () => toast({ text: "Coupons" }) },
  { id: "health", label: "Health", hint: "Operations", icon: "heart-pulse", run: () => toast({ text: "Health" }) },
];

/** @type {Record<string, () => void>} */
const OPENERS = {
  dialog: () =>
    openDialog({
      title: "Rename the template",
      body: field({ id: "name", label: "Name", value: "Midnight" }),
      foot: html`${button({ label: "Cancel", variant: "ghost", attributes: { "data-close": "" } })}${button({ label: "Rename", variant: "primary", attributes: { "data-close": "renamed" } })}`,
    }),
  confirm: async () => {
    const isSure = await confirmDestruction({
      title: "Delete “Midnight”?",
      consequence: "Its 3 formats and 12 versions go with it. Pictures already taken stay.",
      verb: "Delete template",
    });
    if (isSure) toast({ text: "“Midnight” deleted.", tone: "success" });
  },
  drawer: () => openDrawer({ title: "Details", body: html`<p>Beside the list, so that the list stays in sight.</p>` }),
  toast: () => toast({ text: "“Midnight” archived.", action: { label: "Undo", run: () => toast({ text: "“Midnight” is back.", tone: "success" }) } }),
  "toast-danger": () => toast({ text: "The link could not be copied.", tone: "danger" }),
  palette: () => openPalette(commands()),
};

render(find(document, "#book", HTMLElement), html`${SECTIONS}`);
fill();
mountThemeButton(find(document, "#theme", HTMLElement));
enableTooltips();
enablePalette(commands);
listen(document, "click", "[data-open]", (_event, control) => OPENERS[String(control.dataset.open)]());
watchForm(find(document, "#form", HTMLFormElement), {
  problemOf: (input) => (input.name === "headline" && !input.value.trim() ? "Type a headline." : input.checkValidity() ? null : "This address is not complete."),
  onValid: () => toast({ text: "Saved.", tone: "success" }),
});
