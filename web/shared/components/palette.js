import { find, html, listen, render } from "../js/html.js";
import { closeOnDismiss } from "./dialog.js";
import { icon } from "./icon.js";

/** @typedef {{ id: string, label: string, hint?: string, icon: string, run: () => void }} Command */

/**
 * Every word of the query must begin a word of the label or hint.
 * @param {readonly Command[]} commands
 * @param {string} query
 */
export function filterCommands(commands, query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ label, hint = "" }) => {
    const words = `${label} ${hint}`.toLowerCase().split(/\s+/);
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  });
}

/**
 * The command palette: type, arrows, Enter.
 * @param {readonly Command[]} commands
 */
export function openPalette(commands) {
  if (document.querySelector("dialog.palette")) return;
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", "Search");
  let query = "";
  let at = 0;

  const draw = () => {
    const found = filterCommands(commands, query);
    at = Math.min(at, Math.max(0, found.length - 1));
    render(dialog, paletteView(found, at));
    return found;
  };
  const choose = () => {
    const command = filterCommands(commands, query)[at];
    if (!command) return;
    dialog.close();
    command.run();
  };
  listen(dialog, "input", "input", (_event, input) => {
    query = /** @type {HTMLInputElement} */ (input).value;
    at = 0;
    draw();
  });
  listen(dialog, "click", "[role=option]", (_event, option) => {
    at = Number(option.dataset.at);
    choose();
  });
  dialog.addEventListener("keydown", (event) => {
    const count = filterCommands(commands, query).length;
    if (event.key === "Enter") return choose();
    if (event.key === "ArrowDown") at = (at + 1) % Math.max(1, count);
    else if (event.key === "ArrowUp") at = (at - 1 + count) % Math.max(1, count);
    else return;
    event.preventDefault();
    draw();
    dialog.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });
  draw();
  closeOnDismiss(dialog).finally(() => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  find(dialog, "input", HTMLInputElement).focus();
}

/** @param {readonly Command[]} found @param {number} at */
function paletteView(found, at) {
  return html`
    <div class="palette-input">
      ${icon("search")}
      <input type="text" role="combobox" aria-label="Search" aria-expanded="true" aria-controls="palette-list" autocomplete="off"
        aria-activedescendant="${found.length ? `palette-${at}` : ""}" placeholder="Go to…">
      <kbd>esc</kbd>
    </div>
    <ul id="palette-list" role="listbox" aria-label="Results">
      ${found.map(
        (command, index) => html`
          <li id="palette-${index}" role="option" data-at="${index}" aria-selected="${String(index === at)}">
            ${icon(command.icon)}<span>${command.label}</span>${command.hint && html`<span class="muted push">${command.hint}</span>`}
          </li>`,
      )}
    </ul>
    ${found.length === 0 && html`<p class="palette-none" role="status">Nothing is called that. Try fewer letters.</p>`}`;
}

/** Opens the palette on ⌘K or Ctrl-K. @param {() => readonly Command[]} commands */
export function enablePalette(commands) {
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    openPalette(commands());
  });
}
