import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import type { Guide } from "../scene/guide";
import type { PaletteItem } from "../gestures/palette-item";
import type { Point } from "../scene/rect";

/** What releasing the pointer here would mean: shown on the target, and beside the pointer where it is refused. */
export interface DropHint {
  readonly targetId: string | null;
  readonly ok: boolean;
  readonly reason: string | null;
}

/** Objects that a packet passes, in order, there and back; `back` is empty where nothing returns. */
export interface LitPath {
  readonly there: readonly string[];
  readonly back: readonly string[];
  /** It arrives, and its answer comes back. */
  readonly reached: boolean;
  /** It arrives at least; false: it ends on its way there. */
  readonly arrived: boolean;
}

/** A packet on its way: at the place of that number among `ids`, come from the one before. */
export interface TravellingPacket {
  readonly way: "there" | "back";
  readonly ids: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Counts the steps: the same place twice is two moves. */
  readonly step: number;
  readonly verdict: "pass" | "stop" | "unknown";
}

export const isOnPath = (path: LitPath | null, id: string): boolean => path !== null && (path.there.includes(id) || path.back.includes(id));

/** What lies over the editor for a moment. */
export type Overlay = { readonly kind: "find" } | { readonly kind: "shortcuts" } | { readonly kind: "instances"; readonly subnetId: string }
  | { readonly kind: "peer-request"; readonly vpcId: string };

/** What is under way with pointer or keyboard. Ephemeral: nothing of it is saved or undone. Pointer in client pixels. */
export interface GestureState {
  /** Palette item that is being dragged. */
  readonly dragged: PaletteItem | null;
  readonly pointer: Point;
  readonly hint: DropHint | null;
  /** Drawing a peering: from which VPC, null as long as none was chosen. */
  readonly peering: { readonly fromId: string | null } | null;
  /** With what a dragged box lines up. */
  readonly guides: readonly Guide[];
  readonly overlay: Overlay | null;
  /** The person has moved the view, so it does not fit itself any more. */
  readonly ownView: boolean;
  /** A gesture that was just refused, told at the place where it was tried. */
  readonly refusal: { readonly reason: string; readonly at: Point; readonly key: number } | null;
  /** The way of a packet, promised or tested. */
  readonly path: LitPath | null;
  /** The packet whose journey is followed. */
  readonly packet: TravellingPacket | null;
  /** The rule, entry or route that decided, to be found in its object's list. */
  readonly row: { readonly objectId: string; readonly rule: string } | null;
}

export type GestureStore = StoreApi<GestureState>;

export const createGestureStore = (): GestureStore =>
  createStore<GestureState>(() => ({
    dragged: null, pointer: { x: 0, y: 0 }, hint: null, peering: null, guides: [], overlay: null, ownView: false, refusal: null, path: null, packet: null, row: null,
  }));

let refusals = 0;

export function tellRefusal(store: GestureStore, reason: string, at: Point): void {
  refusals += 1;
  store.setState({ refusal: { reason, at, key: refusals }, hint: null });
}
