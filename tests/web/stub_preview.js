/** Stands in for the preview engine where a test is about the page, not about the picture. */

export async function createPreview() {
  return {
    async load() {},

    async draw(canvas, document, { format, fields, code, scale, showLogo }) {
      const { width, height } = document.formats[format];
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      const pen = canvas.getContext("2d");
      pen.scale(scale, scale);
      const wash = pen.createLinearGradient(0, 0, width, height);
      document.colors.forEach((color, index) => wash.addColorStop(index / (document.colors.length - 1), color));
      pen.fillStyle = wash;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = "white";
      pen.textAlign = "center";
      pen.font = "700 88px Geist, sans-serif";
      pen.fillText(fields.headline ?? document.fields.headline.sample, width / 2, height * 0.42, width * 0.86);
      pen.font = "700 120px Geist, sans-serif";
      pen.fillText(code, width / 2, height * 0.62, width * 0.86);
      if (showLogo) {
        pen.beginPath();
        pen.arc(110, 110, 64, 0, 7);
        pen.fill();
      }
      canvas.dataset.text = [fields.headline ?? document.fields.headline.sample, code, format].join("|");
    },
  };
}
