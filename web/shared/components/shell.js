import { attrs, find, html, listen, render } from "../js/html.js";
import { createRouter } from "../js/router.js";
import { currentTheme, setTheme } from "../js/theme-switch.js";
import { button } from "./button.js";
import { openDrawer } from "./dialog.js";
import { icon } from "./icon.js";
import { Menu } from "./menu.js";
import { enablePalette, openPalette } from "./palette.js";
import { emptyView } from "./states.js";
import { enableTooltips } from "./tooltip.js";

/** @typedef {import("../js/html.js").Html} Html */
/** @typedef {{ path: string, label: string, icon: string }} Feature */
/** @typedef {{ id: string, label: string, icon: string, features: Feature[] }} Section a product of the rail */
/** @typedef {{ title: string, mount: (container: HTMLElement, place: import("../js/router.js").Place, signal: AbortSignal) => void | Promise<void> }} View */
/** @typedef {{ title: string, text: string, href: string }} Problem something that needs the user */

/**
 * The frame of dash and admin: rail, features, top bar, one view at a time by hash route.
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {string} options.product shown in the breadcrumb and the window's title
 * @param {readonly Section[]} options.sections only those that exist
 * @param {Record<string, View>} options.views by route pattern
 * @param {() => Problem[]} options.problems what the bell shows
 * @param {{ label: string, icon: string, href: string }[]} options.links ways out of the shell, for the palette
 */
export function startShell({ root, product, sections, views, problems, links }) {
  let leave = new AbortController();
  /** @type {import("../js/router.js").Place | null} */
  let place = null;
  let isFirst = true;

  const commands = () => [
    ...sections.flatMap((section) =>
      section.features.map((feature) => ({ ...feature, id: feature.path, hint: section.label, run: () => go(feature.path) })),
    ),
    ...links.map((link) => ({ ...link, id: link.href, run: () => location.assign(link.href) })),
    { id: "theme", label: currentTheme() === "dark" ? "Light colours" : "Dark colours", icon: "palette", run: toggleTheme },
  ];

  const router = createRouter({ patterns: Object.keys(views), scroller: () => find(root, ".shell-main", HTMLElement), onPlace });

  /** @param {import("../js/router.js").Place | null} next */
  async function onPlace(next) {
    leave.abort();
    leave = new AbortController();
    place = next;
    const view = next && views[next.pattern];
    const title = view ? view.title : "Not found";
    document.title = `${title} · ${product} · PromoStack`;
    render(root, shellView({ product, sections, path: next?.path ?? "", title, count: problems().length }));
    dressMenu();
    const container = find(root, ".view", HTMLElement);
    if (!isFirst) find(root, ".shell-main", HTMLElement).focus({ preventScroll: true });
    isFirst = false;
    if (!view || !next) return render(container, notFound());
    await view.mount(container, next, leave.signal);
  }

  function dressMenu() {
    const menu = find(root, "ps-menu", Menu);
    const isDark = currentTheme() === "dark";
    menu.trigger = { icon: "user", iconOnly: true, variant: "ghost" };
    menu.items = [{ id: "theme", label: isDark ? "Light colours" : "Dark colours", icon: isDark ? "sun" : "moon" }];
  }

  function toggleTheme() {
    setTheme(currentTheme() === "dark" ? "light" : "dark");
    dressMenu();
  }

  function openFeatures() {
    const section = sectionOf(sections, place?.path ?? "");
    const { element } = openDrawer({ title: section.label, body: featureLinks(section, place?.path ?? ""), side: "start" });
    listen(element, "click", "a", () => element.close());
  }

  listen(root, "click", "[data-action=features]", openFeatures);
  listen(root, "click", "[data-action=search]", () => openPalette(commands()));
  listen(root, "click", "[data-action=bell]", () => openDrawer({ title: "Needs you", body: problemsView(problems()) }));
  root.addEventListener("menu-select", toggleTheme);
  enablePalette(commands);
  enableTooltips();
  return {
    start: router.start,
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
  return sections.find(({ features }) => features.some((feature) => feature.path === path)) ?? sections[0];
}

/** @param {number} count */
function bellLabel(count) {
  return count ? `Notifications: ${count}` : "Notifications: none";
}

/**
 * @param {{ product: string, sections: readonly Section[], path: string, title: string, count: number }} shown
 */
function shellView({ product, sections, path, title, count }) {
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
          <p class="breadcrumb"><span>${product}</span><span aria-hidden="true">/</span><span>${section.label}</span></p>
          <h1>${title}</h1>
        </div>
        <button type="button" class="btn search-button" data-variant="outline" data-action="search">
          ${icon("search")}<span class="search-text">Search</span><kbd aria-hidden="true">${isApple() ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <button type="button" class="btn bell" data-variant="ghost" data-icon-only data-action="bell"${attrs({ "aria-label": bellLabel(count), "data-count": count > 0 })}>
          ${icon("bell")}
        </button>
        <ps-menu label="You"></ps-menu>
      </header>
      <div class="view" data-key="${path}"></div>
    </main>`;
}

function isApple() {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** @param {Section} section @param {string} path */
function featureLinks({ features }, path) {
  return html`${features.map(
    (feature) => html`
      <a class="feature-link" href="#${feature.path}"${attrs({ "aria-current": feature.path === path ? "page" : null })}>
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
