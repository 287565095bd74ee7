import type { RandomBytes } from "@vpclab/shared/topology/ids";

export const randomBytes: RandomBytes = (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
