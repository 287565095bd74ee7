export type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

export const VISIONS = ["normal", "protanopia", "deuteranopia", "tritanopia"] as const;
export type Vision = (typeof VISIONS)[number];

/**
 * What people see who lack one kind of cone: on linear RGB, at full severity. Machado, Oliveira, Fernandes: A Physiologically-based
 * Model for Simulation of Color Vision Deficiency, IEEE TVCG 15 (6), 2009, with the tables that its authors publish beside it.
 */
const SEEN: Readonly<Record<Vision, Matrix>> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** Oklab: linear sRGB to cone responses, and their cube roots to lightness and two axes. Björn Ottosson: A perceptual color space for image processing, 2020. */
const TO_CONES: Matrix = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const TO_LAB: Matrix = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];

const by = (matrix: Matrix, [a, b, c]: Triple): Triple => matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;

/** `#rrggbb` as light, 0 to 1 (IEC 61966-2-1). */
export const linearRgb = (hex: string): Triple => [1, 3, 5].map((at) => {
  const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}) as unknown as Triple;

const oklab = (rgb: Triple): Triple => by(TO_LAB, by(TO_CONES, rgb).map(Math.cbrt) as unknown as Triple);

/** How far apart two colours look to somebody: distance in Oklab; 0.02 is about what is just noticed, black and white are 1 apart. */
export function seenDistance(a: string, b: string, vision: Vision): number {
  const [one, other] = [a, b].map((hex) => oklab(by(SEEN[vision], linearRgb(hex)).map((channel) => Math.min(1, Math.max(0, channel))) as unknown as Triple));
  return Math.hypot(...one!.map((value, at) => value - other![at]!));
}
