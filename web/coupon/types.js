/**
 * The shapes that the coupon page shares with the functions and the preview engine.
 * @typedef {{ name: string, width: number, height: number }} Format
 * @typedef {{ slug: string, name: string, formats: Format[], thumbnail_url: string | null }} GalleryItem
 * @typedef {{ sample?: string, label?: string, public?: boolean, pattern?: string | null, max?: number | null, kind?: "text" | "image" }} FieldRule
 * @typedef {{ slug: string, name: string, fields: Record<string, FieldRule>, formats: Record<string, { width: number, height: number, background?: { asset?: string }, layers?: object[] }> }} TemplateDocument
 * @typedef {{ format: string, fields: Record<string, string>, code: string, link: string, logoUrl: string | null, showLogo: boolean, scale: number }} DrawOptions
 * @typedef {import("../shared/render/preview.js").Preview} Preview
 * @typedef {{ code: string, format: string, fields: Record<string, string>, link: string, logoUrl: string | null, showLogo: boolean }} Inputs
 */

export {};
