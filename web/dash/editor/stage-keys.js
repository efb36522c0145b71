import { tenth } from "./document.js";
import { upright } from "./geometry.js";

/** @typedef {{ patch: Record<string, number> } | { act: string } | { view: number }} KeyStep */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, number>} */
const TURNS = { ",": -1, ".": 1, "<": -15, ">": 15 };
/** @type {Record<string, string>} */
const ACTS = { Delete: "remove", Backspace: "remove", Enter: "edit", PageUp: "raise", PageDown: "lower" };
const ZOOM_STEP = 1.25;

/**
 * What a key on the canvas means: a change of the selected layer, an action, a factor for the zoom; null for nothing.
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean }} event @param {import("./document.js").Layer | null} layer
 * @returns {KeyStep | null}
 */
export function keyStep({ key, shiftKey, ctrlKey, metaKey }, layer) {
  const isCommand = ctrlKey || metaKey;
  if (key in ARROWS && layer) {
    const far = shiftKey ? 10 : 1;
    const [dx, dy] = ARROWS[key].map((way) => way * far);
    if (isCommand) return { patch: { width: Math.max(1, tenth(layer.width + dx)), height: Math.max(1, tenth(layer.height + dy)) } };
    return { patch: { x: tenth(layer.x + dx), y: tenth(layer.y + dy) } };
  }
  if (isCommand && key.toLowerCase() === "d" && layer) return { act: "duplicate" };
  if (isCommand) return null;
  if (key in TURNS && layer) return { patch: { rotation: upright(tenth((layer.rotation ?? 0) + TURNS[key])) } };
  if (key in ACTS && layer) return { act: ACTS[key] };
  if (key === "+" || key === "=") return { view: ZOOM_STEP };
  return key === "-" ? { view: 1 / ZOOM_STEP } : null;
}
