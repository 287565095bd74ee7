/** Millimetres. */
export interface PaperSize {
  readonly width: number;
  readonly height: number;
}

/** What an A4 page has within margins of 20 mm (ISO 216). */
const TEXT_AREA: PaperSize = { width: 170, height: 257 };
/** A unit of the drawing is a CSS pixel: 96 to an inch. */
const MM_PER_UNIT = 25.4 / 96;

/** The size at which a drawing fits an A4 page upright; one that is smaller keeps its own. */
export function onPage({ width, height }: { readonly width: number; readonly height: number }): PaperSize {
  const own = { width: width * MM_PER_UNIT, height: height * MM_PER_UNIT };
  const scale = Math.min(1, TEXT_AREA.width / own.width, TEXT_AREA.height / own.height);
  return { width: own.width * scale, height: own.height * scale };
}
