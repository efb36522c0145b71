import { tenth } from "./document.js";
import { upright } from "./geometry.js";

/** @typedef {import("./document.js").Layer} Layer */
/**
 * @typedef {{ patches: import("./working-copy.js").Patches } | { toLine: [number, number] } | { act: string } | { view: number } | { all: true }} KeyStep
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, number>} */
const TURNS = { ",": -1, ".": 1, "<": -15, ">": 15 };
/** @type {Record<string, string>} */
const ACTS = { Delete: "remove", Backspace: "remove", Enter: "edit", PageUp: "raise", PageDown: "lower" };
const ZOOM_STEP = 1.25;

/**
 * What a key on the canvas means for the layers chosen; null for nothing.
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} event @param {Layer[]} layers
 * @returns {KeyStep | null}
 */
export function keyStep({ key, shiftKey, ctrlKey, metaKey, altKey }, layers) {
  const isCommand = ctrlKey || metaKey;
  const one = layers.length === 1 ? layers[0] : null;
  const each = (/** @type {(layer: Layer) => Record<string, number>} */ change) => ({ patches: new Map(layers.map((layer) => [layer.id, change(layer)])) });
  if (key in ARROWS && layers.length) {
    if (altKey) return { toLine: ARROWS[key] };
    const [dx, dy] = ARROWS[key].map((way) => way * (shiftKey ? 10 : 1));
    if (!isCommand) return each(({ x, y }) => ({ x: tenth(x + dx), y: tenth(y + dy) }));
    return one && each(({ width, height }) => ({ width: Math.max(1, tenth(width + dx)), height: Math.max(1, tenth(height + dy)) }));
  }
  if (isCommand && key.toLowerCase() === "a") return { all: true };
  if (isCommand && key.toLowerCase() === "d" && layers.length) return { act: "duplicate" };
  if (isCommand) return null;
  if (key in TURNS && layers.length) return each(({ rotation = 0 }) => ({ rotation: upright(tenth(rotation + TURNS[key])) }));
  if (key in ACTS && (one || (ACTS[key] === "remove" && layers.length))) return { act: ACTS[key] };
  if (key === "+" || key === "=") return { view: ZOOM_STEP };
  return key === "-" ? { view: 1 / ZOOM_STEP } : null;
}
