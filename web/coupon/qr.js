import { qrMatrix } from "../shared/render/qr.js";

const QUIET_MODULES = 4; // ISO/IEC 18004 asks for four light modules around
const MODULE_PX = 12;

/**
 * Draws the text as a QR code, dark on white whatever the palette, because readers expect that.
 * @param {HTMLCanvasElement} canvas
 * @param {string} text
 */
export function drawQr(canvas, text) {
  const rows = qrMatrix(text, "m");
  const side = (rows.length + 2 * QUIET_MODULES) * MODULE_PX;
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "white";
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = "black";
  rows.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (isDark) pen.fillRect((x + QUIET_MODULES) * MODULE_PX, (y + QUIET_MODULES) * MODULE_PX, MODULE_PX, MODULE_PX);
    }),
  );
}
