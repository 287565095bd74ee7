import type { Size } from "./rect";

/** Sizes of everything on the canvas, in flow pixels, on a grid of 4. The style sheet follows these, not the other way round. */
export const GRID = 8;
export const snap = (value: number): number => Math.round(value / GRID) * GRID;
export const snapUp = (value: number): number => Math.ceil(value / GRID) * GRID;

/** Instances and NAT gateways: name, address, public address, groups, traffic. */
export const CARD_SIZE: Size = { width: 192, height: 112 };
/** The far end of a peering with another topology. */
export const REMOTE_VPC_SIZE: Size = { width: 208, height: 88 };
export const GATEWAY_SIZE: Size = { width: 176, height: 48 };
export const INTERNET_HEIGHT = 56;
export const INTERNET_WIDTH_MIN = 320;
/** By how much the internet reaches beyond the outermost VPCs, so that edges beside them meet it. */
export const INTERNET_OVERHANG = 40;
/** The host is as wide as the internet: gateways reach it straight upwards, and it reaches the internet by one uplink. */
export const HOST_HEIGHT = 64;
/** Between the host's lower edge and the uppermost VPC. */
export const HOST_DISTANCE = 88;
/** Between the internet and the host. */
export const UPLINK_LENGTH = 40;

export interface ContainerMetrics {
  readonly min: Size;
  /** Room that children keep to the edges; `top` leaves place for the heading. */
  readonly padding: { readonly top: number; readonly side: number; readonly bottom: number };
  /** Between two children. */
  readonly childGap: number;
}
export const SUBNET_METRICS: ContainerMetrics = {
  min: { width: 224, height: 216 }, padding: { top: 88, side: 16, bottom: 16 }, childGap: 16,
};
export const VPC_METRICS: ContainerMetrics = {
  min: { width: 272, height: 336 }, padding: { top: 96, side: 24, bottom: 24 }, childGap: 24,
};
/** Between two VPCs that nobody placed: wide enough for a peering and its label. A person may put them nearer. */
export const VPC_GAP = 168;
export const VPC_ROW_GAP = 88;
export const VPC_GAP_MIN = 48;
