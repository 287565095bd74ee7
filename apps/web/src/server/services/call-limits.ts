import { AppError } from "@vpclab/shared/errors/app-error";
import type { Me } from "@vpclab/shared/wire/api";
import { TokenBucket } from "./token-bucket";

const MINUTE_MS = 60_000;

interface Limit {
  readonly perMinute: number;
  /** As a person reads it. */
  readonly what: string;
}

/** What makes a host work, or fills the database, is limited by itself; everything else together. */
const LIMITS = {
  apply: { perMinute: 10, what: "applies and teardowns" },
  probe: { perMinute: 30, what: "tests" },
  flow: { perMinute: 2_000, what: "measured flows" },
  plan: { perMinute: 60, what: "plans and looks at the kernel" },
  create: { perMinute: 120, what: "new topologies" },
  call: { perMinute: 900, what: "calls" },
} satisfies Record<string, Limit>;

const LIMIT_OF: Readonly<Record<string, keyof typeof LIMITS>> = {
  "deployment.applyNewest": "apply",
  "deployment.teardown": "apply",
  "probe.run": "probe",
  "deployment.plan": "plan",
  "deployment.inspect": "plan",
  "deployment.preview": "plan",
  "topology.create": "create",
  "topology.import": "create",
  "topology.duplicate": "create",
};

/** Whoever administers the server works on it by scripts, too. */
const TIMES_AS_MANY: Record<Me["role"], number> = { admin: 30, instructor: 3, student: 1, viewer: 1 };
/** Buckets that are full again are nobody's business any more. */
const BUCKETS_KEPT = 1_000;

/** How often each user may call what. A minute's worth may come at once; then it comes back evenly. */
export class CallLimits {
  readonly #buckets = new Map<string, TokenBucket>();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Throws RATE_LIMITED, with the seconds to wait, before anything of the call is done. */
  admit(actor: Pick<Me, "id" | "role">, path: string): void {
    this.#take(actor, LIMIT_OF[path] ?? "call", 1);
  }

  /** A measurement, beside being a call, is so many flows. Throws like `admit`. */
  admitFlows(actor: Pick<Me, "id" | "role">, flows: number): void {
    this.#take(actor, "flow", flows);
  }

  #take(actor: Pick<Me, "id" | "role">, name: keyof typeof LIMITS, count: number): void {
    const perMinute = LIMITS[name].perMinute * TIMES_AS_MANY[actor.role];
    const waitMs = this.#bucket(`${actor.id} ${name}`, perMinute).take(this.now(), count);
    if (waitMs === 0) return;
    const retryAfterS = Math.ceil(waitMs / 1_000);
    const seconds = retryAfterS === 1 ? "a second" : `${retryAfterS} seconds`;
    throw new AppError("RATE_LIMITED", `At most ${perMinute} ${LIMITS[name].what} within a minute. Try again in ${seconds}.`, { retryAfterS });
  }

  #bucket(key: string, perMinute: number): TokenBucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    const now = this.now();
    if (this.#buckets.size >= BUCKETS_KEPT) for (const [old, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(old);
    const made = new TokenBucket(perMinute, MINUTE_MS, now);
    this.#buckets.set(key, made);
    return made;
  }
}
