import type { Drawing, NetworkInterface } from "./drawing";
import type { Packet } from "./packet";
import type { Passage, Stop } from "./passage";

/** One packet's way so far. */
export interface Trip {
  readonly drawing: Drawing;
  readonly memory: Memory;
  /** Whether this is the answer: then places look into their memory instead of writing it. */
  readonly answer: boolean;
  readonly passages: Passage[];
  /** Forwarders passed, with the destination: the same again would go round for ever. */
  readonly passed: { readonly by: NetworkInterface; readonly destination: number }[];
}

/** What a stateful place remembers of the packet there: as it came and as it went on. */
export interface Remembered {
  readonly id: string;
  readonly came: Packet;
  readonly left: Packet;
}
/** Of all places on the way there. A list, because there are few. */
export type Memory = Remembered[];

export function remember(trip: Trip, id: string, came: Packet, left = came): void {
  if (!trip.answer) trip.memory.push({ id, came, left });
}

export const recall = (trip: Trip, id: string): Remembered | undefined =>
  trip.answer ? trip.memory.find((place) => place.id === id) : undefined;

/** Routes ask only where a packet comes from and goes to: whoever forwards it a second time forwards it for ever. */
export function goesRound(trip: Trip, by: NetworkInterface, packet: Packet): Stop | null {
  const { destination } = packet;
  if (trip.passed.some((before) => before.by === by && before.destination === destination)) return { code: "ROUTE_TABLE_LOOP", subnet: by.subnet, by, packet };
  trip.passed.push({ by, destination });
  return null;
}
