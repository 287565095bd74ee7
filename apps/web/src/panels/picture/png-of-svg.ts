/** Pixels to a unit of the drawing; less where the picture would be larger than browsers draw. */
const SCALE = 2;
const SIDE_MAX = 8192;

/** The picture as PNG, drawn by the browser itself. Rejects where it cannot. */
export async function pngOfSvg(svg: string): Promise<Blob> {
  const image = new Image();
  // A data: address, because the content policy allows images of no other origin.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SCALE, SIDE_MAX / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not draw the picture; export it as SVG."))), "image/png");
  });
}
