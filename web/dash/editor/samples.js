/** The texts that a template is looked at with: as it stands, the shortest, the longest that its fields take, right to left, emoji. */

/** @typedef {import("./document.js").TemplateDocument} TemplateDocument */

export const SAMPLES = [
  { value: "normal", label: "Its own" },
  { value: "short", label: "Shortest" },
  { value: "long", label: "Longest" },
  { value: "rtl", label: "Right to left" },
  { value: "emoji", label: "Emoji" },
];

const CODE = "WELCOME-30";
const CODES = /** @type {Record<string, string>} */ ({ short: "A1", long: "BLACK-FRIDAY-EXTRA-2026" });
const WORDS = "Start today and keep more of what you earn with every single trade that you make ";
const RTL = "ابدأ اليوم واحتفظ بالمزيد من أرباحك مع كل صفقة ";
const EMOJI = "🎉 Win big 🏆 together 👩‍👩‍👧‍👦 now 🇨🇭 ";

/**
 * @param {TemplateDocument} document @param {string} kind
 * @returns {{ code: string, fields: Record<string, string> }}
 */
export function sampleOf(document, kind) {
  const texts = Object.entries(document.fields ?? {}).filter(([, rule]) => rule.kind !== "image");
  const fields = kind === "normal" ? [] : texts.map(([name, rule]) => [name, textOf(kind, rule.max ?? 80)]);
  return { code: CODES[kind] ?? CODE, fields: Object.fromEntries(fields) };
}

/** @param {string} kind @param {number} most characters */
function textOf(kind, most) {
  if (kind === "short") return "A";
  const source = kind === "rtl" ? RTL : kind === "emoji" ? EMOJI : WORDS;
  const graphemes = [...new Intl.Segmenter().segment(source.repeat(Math.ceil(most / 40) + 1))].map(({ segment }) => segment);
  let text = "";
  for (const each of graphemes) {
    if ([...text, ...each].length > (kind === "long" ? most : Math.min(most, 40))) break;
    text += each;
  }
  return text.trim();
}
