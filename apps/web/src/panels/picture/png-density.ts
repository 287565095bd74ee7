/** After the signature and the header, which is 25 bytes with its length and sum (PNG specification, 5.3 and 11.2.2). */
const AFTER_HEADER = 8 + 25;
const TYPE = [...new TextEncoder().encode("pHYs")];

/** A PNG that says how large it is meant to be, so that a document places it so: a `pHYs` chunk behind the header (PNG specification, 11.3.4.3). */
export function withDensity(png: Uint8Array, pixelsPerMm: number): Uint8Array<ArrayBuffer> {
  const perMetre = Math.round(pixelsPerMm * 1000);
  const body = [...TYPE, ...bytes(perMetre), ...bytes(perMetre), 1];
  const chunk = [...bytes(body.length - TYPE.length), ...body, ...bytes(crc32(body))];
  const sized = new Uint8Array(png.length + chunk.length);
  sized.set(png.subarray(0, AFTER_HEADER));
  sized.set(chunk, AFTER_HEADER);
  sized.set(png.subarray(AFTER_HEADER), AFTER_HEADER + chunk.length);
  return sized;
}

const bytes = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** ISO 3309, as PNG has it (annex D). */
function crc32(data: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
