/** What this project uses of lightweight-charts 5; the whole stands in the npm package's typings.d.ts. */

export type Options = Record<string, unknown>;
export type UTCTimestamp = number;
export interface Bar {
  time: UTCTimestamp;
  open: number;
  high: number;
  low: number;
  close: number;
}
export interface Marker {
  time: UTCTimestamp;
  position: "aboveBar" | "belowBar" | "inBar";
  shape: "circle" | "square" | "arrowUp" | "arrowDown";
  color: string;
  text?: string;
}
export interface PriceLine {
  applyOptions(options: Options): void;
}
export interface Series {
  setData(data: Bar[]): void;
  createPriceLine(options: Options): PriceLine;
  applyOptions(options: Options): void;
}
export interface TimeScale {
  fitContent(): void;
  setVisibleLogicalRange(range: { from: number; to: number }): void;
}
export interface CrosshairEvent {
  time?: UTCTimestamp;
  seriesData: Map<Series, Bar>;
}
export interface Chart {
  addSeries(kind: unknown, options?: Options): Series;
  timeScale(): TimeScale;
  applyOptions(options: Options): void;
  subscribeCrosshairMove(handler: (event: CrosshairEvent) => void): void;
  setCrosshairPosition(price: number, time: UTCTimestamp, series: Series): void;
  remove(): void;
}
export function createChart(container: HTMLElement, options?: Options): Chart;
export function createSeriesMarkers(series: Series, markers: Marker[]): unknown;
export const CandlestickSeries: unknown;
