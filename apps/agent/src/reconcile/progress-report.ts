import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ObjectStatus } from "@vpclab/shared/wire/live";
import type { Objects } from "./object-status";
import { stepsByObject } from "./object-status";
import type { Progress } from "./reconcile";

/** Changes of state are gathered for this long, so that 1,000 objects are not 1,000 messages. */
const GATHER_MS = 50;

/** Turns the progress of one reconcile into messages that carry only what changed. */
export class ProgressReport implements Progress {
  readonly #document: Topology;
  readonly #send: (objects: Objects) => void;
  #changed: Record<string, ObjectStatus> = {};
  #timer: NodeJS.Timeout | null = null;
  /** All objects as last told. */
  readonly objects: Record<string, ObjectStatus>;

  constructor(document: Topology, before: Objects, send: (objects: Objects) => void) {
    this.#document = document;
    this.#send = send;
    this.objects = { ...before };
  }

  planned(steps: readonly Step[]): void {
    for (const objectId of stepsByObject(this.#document, steps).keys()) this.#set(objectId, { state: "pending" });
    this.flush();
  }

  started(objectId: string): void {
    if (this.objects[objectId]?.state === "pending") this.#set(objectId, { state: "applying" });
  }

  /** Sends what is still held back. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (Object.keys(this.#changed).length === 0) return;
    this.#send(this.#changed);
    this.#changed = {};
  }

  #set(objectId: string, status: ObjectStatus): void {
    this.objects[objectId] = status;
    this.#changed[objectId] = status;
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }
}
