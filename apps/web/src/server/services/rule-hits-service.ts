import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { RuleHitsInput } from "@vpclab/shared/wire/api";
import type { RuleHits } from "@vpclab/shared/wire/live";
import { findObject } from "@vpclab/shared/topology/topology-index";
import type { z } from "zod";
import type { Database } from "../store/database";
import { findFor } from "./access";
import type { AgentLink } from "./agent-link";
import { actorOf } from "./actor-of";
import { hostOffline } from "./host-service";
import type { Actor, RuleHitsService } from "./services";

/** Whoever asks about the same object within this time gets the same answer: a class that looks at one rule is one look at the host. */
const FRESH_MS = 1_000;

interface Asked {
  readonly at: number;
  readonly answer: Promise<RuleHits>;
}

/** Counters of rules, asked of the host while somebody looks at them. */
export class RuleHitsOfHosts implements RuleHitsService {
  readonly #asked = new Map<string, Asked>();

  constructor(
    private readonly database: Database,
    private readonly agents: Pick<AgentLink, "isOnline" | "ruleHits">,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async of(actor: Actor, { id, objectId }: z.infer<typeof RuleHitsInput>): Promise<RuleHits> {
    const row = await findFor(this.database.tables, actor, "view", id);
    if (!findObject(row.document, objectId)) throw new AppError("NOT_FOUND", "There is no such object in this topology.");
    const { hostId } = row;
    if (hostId === null || !this.agents.isOnline(hostId)) throw hostOffline("nobody can look at its counters");
    const now = this.now();
    for (const [key, { at }] of this.#asked) if (now - at >= FRESH_MS) this.#asked.delete(key);
    const key = `${hostId} ${id} ${objectId}`;
    const known = this.#asked.get(key);
    if (known) return known.answer;
    const answer = this.agents.ruleHits(hostId, { kind: "rule-hits", jobId: randomUUID(), topologyId: id, objectId, actor: actorOf(actor) });
    this.#asked.set(key, { at: now, answer });
    return answer;
  }
}
