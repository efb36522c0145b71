/** The settings' form: what each field takes, in words. The server checks all of it again. */

/**
 * @typedef {{ slug: string, name: string, state: string, referral_link: string | null, zone: string,
 *   support_email: string | null, logo_url: string | null }} Settings
 */

/** @type {Record<string, string>} */
export const FIELDS = { name: "Name", referral_link: "Referral link", zone: "Time zone", support_email: "Support e-mail" };

const MOST_NAME = 120;

/** @type {Record<string, (value: string) => string | null>} */
const RULES = {
  name: (value) => (!value ? "Type a name." : value.length > MOST_NAME ? `Use at most ${MOST_NAME} characters.` : null),
  referral_link: (value) => (value ? problemOfLink(value) : null),
  zone: (value) => (isZone(value) ? null : "Choose a zone from the list, like Europe/Berlin."),
  support_email: (value) => (!value || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : "Type an address like help@example.com."),
};

/** @param {string} name @param {string} value @returns {string | null} */
export function problemOf(name, value) {
  return RULES[name]?.(value.trim()) ?? null;
}

/** @param {string} value */
function problemOfLink(value) {
  if (!URL.canParse(value.replaceAll("{code}", "CODE")) || !value.startsWith("https://")) return "Start with https:// and type a whole address.";
  const holes = value.split("{code}").length - 1;
  return holes === 1 ? null : "Write {code} once, where the code belongs.";
}

/** @param {string} value */
function isZone(value) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: value })) && value !== "";
  } catch {
    return false;
  }
}

/** What stands in the form, trimmed. @param {HTMLFormElement} form @returns {Record<string, string>} */
export function valuesOf(form) {
  const data = new FormData(form);
  return Object.fromEntries(Object.keys(FIELDS).map((name) => [name, String(data.get(name) ?? "").trim()]));
}

/** Only what differs; an emptied optional field is null. @param {Settings} saved @param {Record<string, string>} values @returns {Partial<Settings>} */
export function changesOf(saved, values) {
  const changes = Object.entries(values).filter(([name, value]) => value !== (saved[/** @type {keyof Settings} */ (name)] ?? ""));
  return Object.fromEntries(changes.map(([name, value]) => [name, value || null]));
}
