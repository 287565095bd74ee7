import { gridTopology } from "@vpclab/shared/testing/builders";
import { BAD_INPUTS } from "@vpclab/shared/testing/bad-inputs";
import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import type { Topology } from "@vpclab/shared/topology/topology";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { sealEnvelope } from "../apps/agent/src/link/envelope";
import { sealText } from "./seal-text";
import type { Random } from "../prove/random";
import { hostileId, hostileNumber, hostileText, hostileValue } from "./bombs";
import { brokenText } from "./broken-text";
import { againstPolicy, contradicting, inconvenient, withBombs } from "./mutate";

const SIZE = { vpcsMax: 2, subnetsPerVpcMax: 2, instancesMax: 5 };
const POOL = 150;
const TOPOLOGIES = 8;
const RECORDED_MAX = 400;
const REPLAYED = "replay";

/** A frame that a server sends which holds the valid key and wants more than it may have. */
export interface Shot {
  readonly what: string;
  readonly frame: Buffer;
  /** It must be refused, whatever it says: it is a replay of what was sent before. */
  readonly mustNotRun: boolean;
}

/** Whom a job is signed for. */
export interface Aim {
  readonly agentId: string;
  /** Its nonce of this connection, and the number of the last job that it took. */
  readonly session: string;
  readonly lastSeq: number;
  /** Ids of topologies that it has. */
  readonly topologies: readonly string[];
}

type Fields = Record<string, unknown>;
type Make = (jobs: HostileJobs, target: Aim) => Fields | string;

/** What is sent, by how often. */
const WAYS: readonly { readonly what: string; readonly share: number; readonly make: Make }[] = [
  { what: "hostile fields", share: 28, make: (jobs, target) => jobs.apply(target, { desired: withBombs(jobs.document(), 1 + jobs.random.below(3), jobs.random) }) },
  { what: "contradictions", share: 8, make: (jobs, target) => jobs.apply(target, { desired: contradicting(jobs.document(), 1 + jobs.random.below(4), jobs.random) }) },
  { what: "inconvenient, and allowed", share: 6, make: (jobs, target) => jobs.apply(target, { desired: inconvenient(jobs.document(), jobs.random) }) },
  { what: "valid", share: 6, make: (jobs, target) => jobs.apply(target, { desired: jobs.document() }) },
  { what: "tear-down", share: 8, make: (jobs, target) => jobs.apply(target, { desired: null }) },
  { what: "against the policy", share: 6, make: (jobs, target) => jobs.apply(target, { desired: againstPolicy(jobs.document(), jobs.random) }) },
  { what: "hostile head", share: 8, make: (jobs, target) => withBombs(jobs.apply(target, { desired: jobs.random.chance(0.5) ? null : jobs.document() }), 1, jobs.random) as Fields },
  { what: "hostile names", share: 4, make: (jobs, target) => jobs.apply(target, { desired: jobs.document(), topologyName: hostileText(jobs.random), topologyId: jobs.random.chance(0.5) ? hostileId(jobs.random) : jobs.topologyId() }) },
  { what: "another's", share: 4, make: (jobs, target) => jobs.apply(target, { desired: jobs.document(), [jobs.random.pick(["aud", "session", "seq", "epoch", "generation", "notAfter", "v"])]: hostileValue(jobs.random) }) },
  { what: "far generations", share: 1, make: (jobs, target) => jobs.apply(target, { topologyId: jobs.newId(), generation: jobs.random.pick([Number.MAX_SAFE_INTEGER, 1, 2 ** 40]), epoch: jobs.random.pick([1, 1, Number.MAX_SAFE_INTEGER]), desired: null }) },
  { what: "broken text", share: 6, make: (jobs, target) => brokenText(JSON.stringify(jobs.apply(target, { desired: jobs.document() })), jobs.random) },
  { what: "peerings across topologies", share: 3, make: (jobs, target) => jobs.apply(target, { desired: jobs.peered() }) },
  { what: "probes", share: 5, make: (jobs, target) => jobs.probe(target) },
  { what: "inspections", share: 2, make: (jobs, target) => jobs.inspect(target) },
  { what: "measurements", share: 4, make: (jobs, target) => jobs.measure(target) },
  { what: "looks at rules", share: 3, make: (jobs, target) => jobs.ruleHits(target) },
  { what: "cancels", share: 4, make: (jobs, target) => jobs.cancel(target) },
  { what: "plans", share: 3, make: (jobs, target) => jobs.plan(target) },
  { what: "the bad inputs", share: 2, make: (jobs, target) => jobs.apply(target, { desired: jobs.badDocument() }) },
  { what: "unknown kinds", share: 1, make: (jobs, target) => ({ ...jobs.apply(target, {}), kind: jobs.random.pick(["exec", "shell", "file", "policy", "terminal", "update", "__proto__", ""]), command: "id", argv: ["id"], policy: { allowCidrs: ["0.0.0.0/0"] } }) },
];
const SHARES = WAYS.reduce((sum, { share }) => sum + share, 0);
/** Of all shots: what was sent before, once more. */
const REPLAYS = 0.05;
/** Of all shots: frames that are no jobs. */
const NO_JOBS = 0.01;
/** Of all shots: as large as a frame may be. */
const HUGE = 0.0003;

/** Jobs signed with the valid key, the same for the same seed, as far as the agent's nonces allow. */
export class HostileJobs {
  readonly #pool: Topology[];
  readonly #ids: readonly string[];
  readonly #recorded: Buffer[] = [];
  #number = 0;
  #generation = 0;

  constructor(readonly random: Random, private readonly key: SigningKey) {
    this.#pool = Array.from({ length: POOL }, () => randomTopology(random.bytes, SIZE));
    this.#ids = Array.from({ length: TOPOLOGIES }, () => this.newId());
  }

  next(target: Aim): Shot {
    const { random } = this;
    this.#number += 1;
    if (this.#recorded.length > 0 && random.chance(REPLAYS)) return { what: REPLAYED, frame: random.pick(this.#recorded), mustNotRun: true };
    if (random.chance(NO_JOBS)) return { what: "no job", frame: this.#noJob(), mustNotRun: true };
    if (random.chance(HUGE)) return this.#signed("huge", this.apply(target, { desired: gridTopology({ vpcs: random.pick([1, 64, 65]), subnetsPerVpc: random.pick([1, 4]), instancesPerSubnet: 3 }) }));
    let chosen = random.below(SHARES);
    const way = WAYS.find(({ share }) => (chosen -= share) < 0) ?? WAYS[0];
    if (!way) throw new Error("nothing to send");
    const made = way.make(this, target);
    return this.#signed(way.what, typeof made === "string" ? made : this.#elsewhereIfFar(made));
  }

  /** A generation of the far future ends a topology's story, so it is another one's: all later jobs would only be stale. */
  #elsewhereIfFar(fields: Fields): Fields {
    const isFar = fields["kind"] === "apply" && (fields["generation"] !== this.#generation || fields["epoch"] !== 1);
    return isFar ? { ...fields, topologyId: this.newId(), desired: null } : fields;
  }

  apply(target: Aim, change: Fields): Fields {
    this.#generation += 1;
    const topologyId = this.topologyId();
    return {
      ...this.#common(target), kind: "apply", topologyId, topologyName: `lab${this.#ids.indexOf(topologyId)}`, revision: this.#generation, epoch: 1, generation: this.#generation, desired: null, ...change,
    };
  }

  plan(target: Aim): Fields {
    const { random } = this;
    const desired = random.chance(0.5) ? this.document() : withBombs(this.document(), 1, random);
    return { ...this.#common(target), kind: "plan", topologyId: this.topologyId(), topologyName: "lab0", desired };
  }

  cancel(target: Aim): Fields {
    const { random } = this;
    const generation = random.chance(0.2) ? hostileNumber(random) : Math.max(1, this.#generation - random.below(3));
    const fields = { ...this.#common(target), kind: "cancel", topologyId: random.pick([...target.topologies, ...this.#ids]), generation };
    return random.chance(0.2) ? (withBombs(fields, 1, random) as Fields) : fields;
  }

  probe(target: Aim): Fields {
    const { random } = this;
    const end = (): unknown => random.chance(0.2) ? { internet: true } : random.chance(0.15) ? { host: random.chance(0.9) } : random.chance(0.2) ? { publicAddressOf: random.chance(0.7) ? random.pick([...this.document().instances, ...this.document().natGateways].map(({ id }) => id).concat("nat-00000000")) : hostileId(random) } : random.chance(0.7) ? { instanceId: random.pick(this.document().instances.map(({ id }) => id).concat("i-00000000")) } : { instanceId: hostileId(random) };
    const probe = { probeId: "p", source: end(), destination: end(), kind: random.pick(["ping", "tcp", "udp", "http"]), port: random.chance(0.3) ? hostileNumber(random) : random.pick([null, 80, 443]) };
    return { ...this.#common(target), kind: "probe", topologyId: random.pick([...target.topologies, ...this.#ids]), probe: random.chance(0.3) ? withBombs(probe, 1, random) : probe };
  }

  inspect(target: Aim): Fields {
    const { random } = this;
    const document = this.document();
    const ids = [...[...document.vpcs, ...document.subnets, ...document.securityGroups, ...document.routeTables, ...document.peerings].map(({ id }) => id), "host"];
    const objectId = random.chance(0.8) && ids.length > 0 ? random.pick(ids) : random.chance(0.5) ? hostileId(random) : hostileText(random);
    return { ...this.#common(target), kind: "inspect", topologyId: random.pick([...target.topologies, ...this.#ids]), objectId };
  }

  measure(target: Aim): Fields {
    const { probe, ...fields } = this.probe(target);
    const { source, destination, kind, port } = (probe ?? {}) as Fields;
    const request = { kind, port, flows: Array.from({ length: this.random.below(4) }, () => ({ source, destination })) };
    return { ...fields, kind: "measure", request: this.random.chance(0.2) ? withBombs(request, 1, this.random) : request };
  }

  ruleHits(target: Aim): Fields {
    const { random } = this;
    const { securityGroups, networkAcls, subnets } = this.document();
    const objectId = random.chance(0.4) ? hostileId(random) : random.pick([...securityGroups, ...networkAcls, ...subnets].map(({ id }) => id).concat("sg-00000000"));
    return { ...this.#common(target), kind: "rule-hits", topologyId: random.pick([...target.topologies, ...this.#ids]), objectId };
  }

  /** One of the valid ones; now and then it goes on to be another. */
  document(): Topology {
    const at = this.random.below(this.#pool.length);
    const document = this.#pool[at];
    if (!document) throw new Error("an empty pool");
    if (this.random.chance(0.05)) this.#pool[at] = randomEdit(document, this.random.bytes, { vpcs: 3, instances: 6 }).document;
    return document;
  }

  badDocument(): unknown {
    const { attempt } = this.random.pick(BAD_INPUTS);
    return "document" in attempt ? attempt.document : withBombs(this.document(), 2, this.random);
  }

  /** Peerings with topologies that are there, are not, or never could be. */
  peered(): Topology {
    const { random } = this;
    const document = structuredClone(this.document());
    const [vpc] = document.vpcs;
    if (!vpc) return document;
    const ids = random.bytes(new Uint8Array(6)).reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
    document.peerings.push({
      id: `pcx-${ids}`, name: "abroad", requesterVpcId: vpc.id, accepterVpcId: `vpc-${ids}`, status: "active",
      remote: {
        side: "accepter", topologyId: random.chance(0.8) ? this.topologyId() : this.newId(), topologyName: random.chance(0.7) ? `lab${random.below(TOPOLOGIES)}` : hostileText(random),
        vpcName: random.chance(0.7) ? "vpc1" : hostileText(random), cidr: random.pick(["192.168.200.0/24", "10.77.0.0/16", "8.8.8.0/24", "10.77.0.0/16; id"]),
      },
    });
    return document;
  }

  topologyId(): string {
    return this.random.pick(this.#ids);
  }

  newId(): string {
    const hex = this.random.bytes(new Uint8Array(16)).reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  #common({ agentId, session, lastSeq }: Aim): Fields {
    const now = Date.now();
    return { v: 1, aud: agentId, session, seq: lastSeq + 1, jobId: `job-${this.#number}`, issuedAt: now, notAfter: now + 60_000, actor: { userId: "u", name: "mallory", role: "admin" } };
  }

  #signed(what: string, payload: Fields | string): Shot {
    const envelope = typeof payload === "string" ? sealText(payload, this.key) : sealEnvelope(PAYLOAD_TYPE.job, payload, this.key);
    const frame = Buffer.from(JSON.stringify({ type: "job", envelope }));
    if (this.#recorded.length < RECORDED_MAX) this.#recorded.push(frame);
    else this.#recorded[this.random.below(RECORDED_MAX)] = frame;
    return { what, frame, mustNotRun: false };
  }

  #noJob(): Buffer {
    const { random } = this;
    const text = random.pick(["", "{", "[]", "null", "{}", '{"type":"shell"}', '{"type":"policy","policy":{}}', '{"type":"job"}', '{"type":"job","envelope":{}}', '{"type":"job","type":"job"}', '{"__proto__":{"type":"job"}}', "[".repeat(100_000), '{"type":"challenge","v":1,"serverNonce":"x"}']);
    return random.chance(0.2) ? Buffer.from(random.bytes(new Uint8Array(random.below(300)))) : Buffer.from(text);
  }
}
