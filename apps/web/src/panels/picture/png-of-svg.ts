import { withDensity } from "./png-density";

/** Pixels to a unit of the drawing; less where the picture would be larger than browsers draw. */
const SCALE = 2;
const SIDE_MAX = 8192;
/** Of a picture for paper: 300 to an inch. */
const PIXELS_PER_MM = 300 / 25.4;

/** The picture as PNG, drawn by the browser itself. `widthMm`: how wide it is on paper; null: as drawn. Rejects where it cannot. */
export async function pngOfSvg(svg: string, widthMm: number | null): Promise<Blob> {
  const image = new Image();
  // A data: address, because the content policy allows images of no other origin.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const wanted = widthMm === null ? SCALE : (widthMm * PIXELS_PER_MM) / image.width;
  const scale = Math.min(wanted, SIDE_MAX / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((drawn) => (drawn ? resolve(drawn) : reject(new Error("The browser could not draw the picture; export it as SVG."))), "image/png");
  });
  if (widthMm === null) return blob;
  return new Blob([withDensity(new Uint8Array(await blob.arrayBuffer()), canvas.width / widthMm)], { type: "image/png" });
}
