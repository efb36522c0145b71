/** What the living page shows in its tables and bars; made up for that page, shown nowhere else. */

/** @typedef {{ code: string, template: string, state: "valid" | "invalid" | "unknown", taken: number, at: Date | null }} SampleRow */

const TEMPLATES = ["Midnight", "Coral morning", "Lagoon"];
const STATES = /** @type {const} */ (["valid", "invalid", "unknown"]);
const START = Date.UTC(2030, 0, 7, 9, 30);
const HOUR_MS = 3_600_000;

/** @type {SampleRow[]} */
export const ROWS = Array.from({ length: 24 }, (_, index) => ({
  code: `SAMPLE-${String(index * 37 + 11).padStart(3, "0")}`,
  template: TEMPLATES[index % 3],
  state: STATES[(index * 7) % 5 % 3],
  taken: (index * 7919) % 1400,
  at: index % 6 === 5 ? null : new Date(START + index * 5 * HOUR_MS),
}));
