import { askFor } from "../../shared/components/ask.js";
import { field, selectField } from "../../shared/components/field.js";
import { html } from "../../shared/js/html.js";

const SIZES = /** @type {Record<string, [number, number]>} */ ({ square: [1080, 1080], story: [1080, 1920], feed: [1080, 1350], link: [1200, 630], wide: [1920, 1080], banner: [1500, 500] });
const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const LEAST_PX = 16;
const MOST_PX = 4096;

/**
 * Asks for a name and a size.
 * @param {string[]} taken names of formats that are there @param {string} from the one that it is made of
 * @returns {Promise<{ name: string, width: number, height: number } | null>}
 */
export function askForFormat(taken, from) {
  const known = Object.entries(SIZES).filter(([name]) => !taken.includes(name));
  const [first, [width, height]] = known[0] ?? ["", [MOST_PX / 4, MOST_PX / 4]];
  const side = (/** @type {string} */ id, /** @type {string} */ label, /** @type {number} */ value) => field({ id, label, value: String(value), attributes: { inputmode: "numeric" } });
  const asked = askFor({
    title: "New format",
    verb: "Make it",
    body: html`<p class="muted">Made of “${from}”: everything is scaled alike and keeps to the edge it is near.</p>
      ${known.length > 0 && selectField({ id: "kind", label: "Size", value: first, options: [...known.map(([name, size]) => ({ value: name, label: `${name}, ${size.join(" × ")}` })), { value: "", label: "Another size" }] })}
      ${field({ id: "name", label: "Name", value: first, help: "Small letters, digits and hyphens." })}${side("width", "Width (px)", width)}${side("height", "Height (px)", height)}`,
    problem: (_form, name, value) => (name === "name" ? problemOfName(value.trim(), taken) : name === "kind" ? null : problemOfSide(value)),
    send: async (form) => {
      const data = new FormData(form);
      return { name: String(data.get("name")).trim(), width: Number(data.get("width")), height: Number(data.get("height")) };
    },
  });
  const kind = document.querySelector("#ask #kind");
  kind?.addEventListener("change", () => fillIn(/** @type {HTMLSelectElement} */ (kind).value));
  return asked;
}

/** @param {string} kind */
function fillIn(kind) {
  const [width, height] = SIZES[kind] ?? ["", ""];
  for (const [id, value] of Object.entries({ name: kind, width, height })) {
    const input = document.querySelector(`#ask #${id}`);
    if (input instanceof HTMLInputElement) input.value = String(value);
  }
}

/** @param {string} name @param {string[]} taken */
function problemOfName(name, taken) {
  if (taken.includes(name)) return `There is a format “${name}” already.`;
  return NAME.test(name) ? null : "Type small letters, digits and hyphens.";
}

/** @param {string} value */
function problemOfSide(value) {
  const number = Number(value);
  return Number.isInteger(number) && number >= LEAST_PX && number <= MOST_PX ? null : `Type a whole number from ${LEAST_PX} to ${MOST_PX}.`;
}
