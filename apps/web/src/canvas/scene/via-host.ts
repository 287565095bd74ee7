import type { ProbeHop } from "@vpclab/shared/analysis/probe";
import { HOST_ID, INTERNET_ID } from "./scene";

/** Where a hop stands on the canvas: internet and host are no objects and go by the ids of their nodes. null: nowhere. */
export const placeOfHop = ({ objectId, label }: ProbeHop): string | null => objectId ?? (label === "Host" ? HOST_ID : /internet/i.test(label) ? INTERNET_ID : null);

const isGateway = (id: string | undefined): boolean => id?.startsWith("igw-") ?? false;

/** Adds the next place of a packet's way: between an internet gateway and the internet lies the host, which decides nothing of its own there. */
export function addPlace(ids: string[], next: string): void {
  const last = ids.at(-1);
  if ((isGateway(last) && next === INTERNET_ID) || (last === INTERNET_ID && isGateway(next))) ids.push(HOST_ID);
  ids.push(next);
}
