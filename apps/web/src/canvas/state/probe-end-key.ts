import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { HOST_ID, INTERNET_ID } from "../scene/scene";

const PUBLIC = "public:";

/** One text for each end of a packet: ids as on the canvas, `public:<id>` for what the internet sees of an instance or NAT gateway. */
export function keyOfEnd(end: ProbeEnd): string {
  if ("internet" in end) return INTERNET_ID;
  if ("host" in end) return HOST_ID;
  return "instanceId" in end ? end.instanceId : publicKey(end.publicAddressOf);
}

export const publicKey = (id: string): string => `${PUBLIC}${id}`;

/** For keys that `keyOfEnd` has made; any other is taken for an instance's id. */
export function endOfKey(key: string): ProbeEnd {
  if (key === INTERNET_ID) return { internet: true };
  if (key === HOST_ID) return { host: true };
  return key.startsWith(PUBLIC) ? { publicAddressOf: key.slice(PUBLIC.length) } : { instanceId: key };
}
