import type { Point, Rect } from "../../canvas/scene/rect";

/** Text of XML. Control characters other than tabs and line breaks are no XML at all, so they go. */
export const escapeXml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export interface TextStyle {
  readonly fill: string;
  readonly size: 12 | 13 | 14 | 17;
  readonly weight?: 500 | 600;
  readonly mono?: boolean;
  readonly anchor?: "middle" | "end";
}

export const SANS = "Geist, ui-sans-serif, system-ui, sans-serif";
export const MONO = "'Geist Mono', ui-monospace, monospace";
/** Width of a letter to its height; on the safe side, because the reader's fonts are not known. */
const LETTER = { sans: 0.56, mono: 0.61 } as const;

/** One line of text at its baseline, cut where it would be wider than `room`. */
export function textAt({ x, y }: Point, content: string, room: number, style: TextStyle): string {
  const most = Math.floor(room / (style.size * (style.mono ? LETTER.mono : LETTER.sans)));
  const letters = [...content];
  const shown = letters.length <= most ? content : `${letters.slice(0, Math.max(0, most - 1)).join("")}…`;
  const family = style.mono ? ` font-family="${MONO}"` : "";
  return `<text x="${x}" y="${y}" font-size="${style.size}" fill="${style.fill}"${style.weight ? ` font-weight="${style.weight}"` : ""}${style.anchor ? ` text-anchor="${style.anchor}"` : ""}${family}>${escapeXml(shown)}</text>`;
}

export const boxAt = ({ x, y, width, height }: Rect, fill: string, stroke: string, radius = 8): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}"/>`;
