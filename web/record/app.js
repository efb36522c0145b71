/** The public record of a workspace's signals: what was earned, what chance earns, every signal, how to check it all. */

import "../shared/components/series-chart.js";
import "../shared/components/table.js";
import { openDialog } from "../shared/components/dialog.js";
import { SeriesChart } from "../shared/components/series-chart.js";
import { describeError, emptyView, errorView, skeleton } from "../shared/components/states.js";
import { Table } from "../shared/components/table.js";
import { mountThemeButton } from "../shared/components/theme-button.js";
import { createApi } from "../shared/js/api.js";
import { loadConfig } from "../shared/js/config.js";
import { find, html, listen, render } from "../shared/js/html.js";
import { load } from "../shared/js/state.js";
import { columns, dialogBody, FILTERS } from "./signals.js";
import { sections, titleOf } from "./sections.js";

/** @typedef {import("./words.js").Record_} Record_ */

const slot = find(document, "#record", HTMLElement);
const wanted = new URLSearchParams(location.search).get("tenant");

mountThemeButton(find(document, "#theme", HTMLElement));
listen(slot, "click", "[data-action=retry]", () => void start());
await start();

function start() {
  return load(
    async () => {
      const { apiBase, defaultTenant } = await loadConfig();
      const tenant = wanted ?? defaultTenant;
      return { record: await createApi({ base: apiBase }).get("public/track-record", { query: { tenant } }), tenant, apiBase };
    },
    (loading) => {
      if (loading.phase === "slow") render(slot, skeleton(["title", "text", "card", "card"]));
      if (loading.phase === "failed") render(slot, failed(loading.error));
      if (loading.phase === "ready") show(loading.data.record, loading.data.tenant, loading.data.apiBase);
    },
  );
}

/** @param {any} error */
function failed(error) {
  if (error?.status === 404) return emptyView({ icon: "chart-candlestick", title: "There is no such workspace", text: "Check the address: it ends in ?tenant= and the workspace's short name." });
  return errorView(describeError(error, "The record could not be loaded"));
}

/** @param {Record_} record @param {string} tenant @param {string} apiBase */
function show(record, tenant, apiBase) {
  document.title = `${titleOf(record)} · PromoStack`;
  const address = new URL(`${apiBase}/public/track-record/export?tenant=${encodeURIComponent(tenant)}`, location.href).href;
  render(slot, sections(record, address));
  if (record.equity_r.length > 1) {
    find(slot, "ps-series-chart", SeriesChart).model = {
      label: "Running sum of net R after each closed signal. Every signal stands in the table below.",
      moments: record.equity_r.map(([at]) => new Date(at)),
      zone: "UTC",
      unit: "day",
      valueUnit: "R, after costs",
      signed: true,
      lines: [{ label: "Net R so far", values: record.equity_r.map(([, total]) => Number(total)), color: 1, filled: false }],
    };
  }
  if (!record.signals.length) return;
  const table = find(slot, "ps-table", Table);
  table.model = { label: "Signals", noun: ["signal", "signals"], idOf: (row) => row.signal, nameOf: (row) => row.signal, rows: record.signals, filters: FILTERS, columns: columns() };
  listen(slot, "click", "[data-signal]", (_event, control) => {
    const signal = record.signals.find((each) => each.signal === control.dataset.signal);
    if (signal) openDialog({ title: `${signal.side.toUpperCase()} ${signal.symbol} at ${signal.entry}`, body: dialogBody(signal) });
  });
}
