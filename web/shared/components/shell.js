import { attrs, find, html, listen, render } from "../js/html.js";
import { createRouter } from "../js/router.js";
import { currentTheme, setTheme } from "../js/theme-switch.js";
import { button } from "./button.js";
import { confirmDestruction, openDrawer } from "./dialog.js";
import { icon } from "./icon.js";
import { Menu } from "./menu.js";
import { enablePalette, openPalette } from "./palette.js";
import { emptyView } from "./states.js";
import { enableTooltips } from "./tooltip.js";

/** @typedef {import("../js/html.js").Html} Html */
/** @typedef {{ path: string, label: string, icon: string }} Feature */
/** @typedef {{ id: string, label: string, icon: string, features: Feature[] }} Section a product of the rail */
/** @typedef {import("./menu.js").MenuItem} MenuItem */
/**
 * @typedef {object} Visit what a view is mounted with
 * @property {import("../js/router.js").Place} place
 * @property {AbortSignal} signal aborts when the view is left
 * @property {(filters: Record<string, string | null>) => void} setFilters keeps them in the address, without a step of history
 * @property {(unsaved: () => string | null) => void} guard names what would be lost by leaving now, or null
 */
/**
 * @typedef {object} View
 * @property {string} title
 * @property {boolean} [open] shown to everybody, signed in or not
 * @property {(container: HTMLElement, visit: Visit) => void | Promise<void>} mount
 */
/**
 * @typedef {object} Frame what stands around the view and before it
 * @property {readonly Section[]} sections only those that exist for this person
 * @property {View | null} gate stands in the place of every view that is not open
 * @property {string | null} tenant whose the view is
 * @property {MenuItem[]} tenants to switch to, empty when there is no choice
 * @property {MenuItem[]} account above the choice of colours
 */
/** @typedef {{ title: string, text: string, href: string }} Problem something that needs the user */

/**
 * The frame of dash and admin: rail, features, top bar, one view at a time by hash route.
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {string} options.product shown in the breadcrumb and the window's title
 * @param {Record<string, View>} options.views by route pattern
 * @param {() => Frame} options.frame
 * @param {(id: string) => void} options.onMenu an item of the frame's menus was chosen
 * @param {() => Problem[]} options.problems what the bell shows
 * @param {{ label: string, icon: string, href: string }[]} options.links ways out of the shell, for the palette
 */
export function startShell({ root, product, views, frame, onMenu, problems, links }) {
  let leave = new AbortController();
  /** @type {() => string | null} */
  let unsaved = () => null;
  /** @type {import("../js/router.js").Place | null} */
  let place = null;
  let mounts = 0;

  const commands = () => [
    ...frame().sections.flatMap((section) =>
      section.features.map((feature) => ({ ...feature, id: feature.path, hint: section.label, run: () => go(feature.path) })),
    ),
    ...links.map((link) => ({ ...link, id: link.href, run: () => location.assign(link.href) })),
    { id: "theme", label: currentTheme() === "dark" ? "Light colours" : "Dark colours", icon: "palette", run: toggleTheme },
  ];

  const scroller = () => find(root, ".shell-main", HTMLElement);
  const router = createRouter({ patterns: Object.keys(views), scroller, onPlace, mayLeave });

  /** @param {import("../js/router.js").Place | null} next */
  async function onPlace(next) {
    leave.abort();
    leave = new AbortController();
    unsaved = () => null;
    place = next;
    const { sections, gate, tenant, tenants } = frame();
    const wanted = next && views[next.pattern];
    const view = wanted && gate && !wanted.open ? gate : wanted;
    const title = view ? view.title : "Not found";
    document.title = `${title} · ${product} · PromoStack`;
    const path = next?.path ?? "";
    mounts += 1;
    render(root, shellView({ product, sections, path, title, count: problems().length, tenant, canSwitch: tenants.length > 0, mounts }));
    dressMenus();
    const container = find(root, ".view", HTMLElement);
    if (mounts > 1) find(root, ".shell-main", HTMLElement).focus({ preventScroll: true });
    if (!view || !next) return render(container, notFound());
    const visit = { place: next, signal: leave.signal, setFilters: router.setFilters, guard: (/** @type {() => string | null} */ named) => (unsaved = named) };
    await view.mount(container, visit);
  }

  /** Asks when something typed would be lost. */
  async function mayLeave() {
    const lost = unsaved();
    if (!lost) return true;
    return confirmDestruction({ title: "Leave without saving?", consequence: lost, verb: "Leave without saving" });
  }

  function dressMenus() {
    const { account, tenant, tenants } = frame();
    const isDark = currentTheme() === "dark";
    const me = find(root, ".me", Menu);
    me.trigger = { icon: "user", iconOnly: true, variant: "ghost" };
    me.items = [...account, { id: "theme", label: isDark ? "Light colours" : "Dark colours", icon: isDark ? "sun" : "moon" }];
    const switcher = root.querySelector(".tenant-switch");
    if (!(switcher instanceof Menu)) return;
    switcher.trigger = { label: tenant ?? "Choose a workspace", icon: "chevrons-up-down", variant: "outline" };
    switcher.items = tenants;
  }

  function toggleTheme() {
    setTheme(currentTheme() === "dark" ? "light" : "dark");
    dressMenus();
  }

  function openFeatures() {
    const section = sectionOf(frame().sections, place?.path ?? "");
    const { element } = openDrawer({ title: section.label, body: featureLinks(section, place?.path ?? ""), side: "start" });
    listen(element, "click", "a", () => element.close());
  }

  listen(root, "click", "[data-action=features]", openFeatures);
  listen(root, "click", "[data-action=search]", () => openPalette(commands()));
  listen(root, "click", "[data-action=bell]", () => openDrawer({ title: "Needs you", body: problemsView(problems()) }));
  listen(root, "menu-select", ".topbar ps-menu", (event) => {
    const { id } = /** @type {CustomEvent} */ (event).detail;
    if (id === "theme") toggleTheme();
    else onMenu(id);
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });
  enablePalette(commands);
  enableTooltips();
  return {
    start: router.start,
    mayLeave,
    /** Mounts anew: who is signed in, or where, has changed. */
    reframe: router.show,
    /** Everything goes from the page, dialogs too, and what was typed is no longer asked about. */
    discard() {
      leave.abort();
      unsaved = () => null;
      document.body.replaceChildren();
    },
    /** Shows the bell's count anew. */
    refresh: () => {
      const count = problems().length;
      const bell = find(root, "[data-action=bell]", HTMLElement);
      bell.setAttribute("aria-label", bellLabel(count));
      bell.toggleAttribute("data-count", count > 0);
    },
  };
}

/** @param {string} path */
function go(path) {
  location.hash = `#${path}`;
}

/** @param {readonly Section[]} sections @param {string} path @returns {Section} */
function sectionOf(sections, path) {
  const holds = (/** @type {Feature} */ feature) => path === feature.path || (feature.path !== "/" && path.startsWith(`${feature.path}/`));
  return sections.find(({ features }) => features.some(holds)) ?? sections[0];
}

/** @param {number} count */
function bellLabel(count) {
  return count ? `Notifications: ${count}` : "Notifications: none";
}

/**
 * @param {{ product: string, sections: readonly Section[], path: string, title: string, count: number, tenant: string | null,
 *   canSwitch: boolean, mounts: number }} shown `mounts` makes each view a new element, without what listened on the last one
 */
function shellView({ product, sections, path, title, count, tenant, canSwitch, mounts }) {
  const section = sectionOf(sections, path);
  return html`
    <nav class="rail" aria-label="Products">
      <span class="mark" aria-hidden="true">${icon("ticket")}</span>
      ${sections.map(
        ({ id, label, icon: name, features }) => html`
          <a class="rail-link" data-key="${id}" href="#${features[0].path}" aria-label="${label}" data-tooltip="${label}"${attrs({ "aria-current": id === section.id ? "true" : null })}>
            ${icon(name)}<span class="rail-name">${label}</span>
          </a>`,
      )}
    </nav>
    <nav class="features" aria-label="${section.label}">
      <p class="features-title">${section.label}</p>
      ${featureLinks(section, path)}
    </nav>
    <main class="shell-main" tabindex="-1">
      <header class="topbar">
        <span class="drawer-button">
          ${button({ label: "Menu", icon: "menu", iconOnly: true, variant: "ghost", attributes: { "data-action": "features" } })}
        </span>
        <div class="topbar-titles">
          <p class="breadcrumb"><span>${tenant ?? product}</span><span aria-hidden="true">/</span><span>${section.label}</span></p>
          <h1>${title}</h1>
        </div>
        <button type="button" class="btn search-button" data-variant="outline" data-action="search">
          ${icon("search")}<span class="search-text">Search</span><kbd aria-hidden="true">${isApple() ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <button type="button" class="btn bell" data-variant="ghost" data-icon-only data-action="bell"${attrs({ "aria-label": bellLabel(count), "data-count": count > 0 })}>
          ${icon("bell")}
        </button>
        ${canSwitch && html`<ps-menu class="tenant-switch" data-key="switch" label="Switch workspace"></ps-menu>`}
        <ps-menu class="me" data-key="me" label="You"></ps-menu>
      </header>
      <div class="view" data-key="view-${mounts}"></div>
    </main>`;
}

function isApple() {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** What stands below a feature, such as one bot, is in its place. @param {string} feature @param {string} path */
function currentness(feature, path) {
  if (feature === path) return "page";
  return feature !== "/" && path.startsWith(`${feature}/`) ? "true" : null;
}

/** @param {Section} section @param {string} path */
function featureLinks({ features }, path) {
  return html`${features.map(
    (feature) => html`
      <a class="feature-link" href="#${feature.path}"${attrs({ "aria-current": currentness(feature.path, path) })}>
        ${icon(feature.icon)}<span>${feature.label}</span>
      </a>`,
  )}`;
}

/** @param {Problem[]} problems */
function problemsView(problems) {
  if (!problems.length) return emptyView({ icon: "check", title: "Nothing needs you", text: "Problems with the service show up here." });
  return html`<div class="stack">
    ${problems.map(({ title, text, href }) => html`<a class="card" href="${href}" data-close><h3>${title}</h3><p class="soft">${text}</p></a>`)}
  </div>`;
}

function notFound() {
  return emptyView({
    icon: "route",
    title: "There is no such page",
    text: "The address may be mistyped, or the page has moved.",
    action: button({ label: "Go to the start", href: "#/" }),
  });
}
