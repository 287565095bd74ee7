import { AppError } from "@vpclab/shared/errors/app-error";
import type { LiveEvent } from "@vpclab/shared/wire/live";
import type { OnceTold } from "@vpclab/shared/wire/people";
import { STAGE_REFUSED } from "@vpclab/shared/wire/stage";
import type { PresenterEvent, StageEvent, StageLinkInfo } from "@vpclab/shared/wire/stage";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import * as stageLinks from "../store/stage-store";
import type { StageLinkRow } from "../store/stage-store";
import { findTopology } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { findFor, lockFor, mayDo } from "./access";
import type { AccessChanges } from "./access-changes";
import type { Actor } from "./actor";
import type { ActorFacts } from "./can";
import { FailureWindow } from "./failure-window";
import type { Presences } from "./presence-service";
import type { StageOptions, StageService } from "./services";
import { hashOf, newSecret } from "./tokens";

const HOUR_MS = 3_600_000;
const LINKS_MAX = 20;
/** Wrong links from one address, and within what time. */
const WRONG_MAX = 20;
const WRONG_MS = 10 * 60_000;
/** How often an open stage looks whether its link has expired. */
const LOOK_MS = 1_000;

/** Who looks at a stage: nobody in particular, and of one topology alone. */
interface Audience extends ActorFacts {
  readonly link: StageLinkRow;
}

/** Links that show one topology to an audience without accounts. The database has hashes only. */
export class Stages implements StageService {
  readonly #wrong: FailureWindow;
  readonly #open = new Map<string, number>();
  /** The newest drawing of each topology, so that a large audience costs one look into the database. */
  readonly #drawings = new Map<string, { readonly eventId: string; readonly event: Promise<StageEvent> }>();

  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly changes: AccessChanges,
    private readonly presences: Presences,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.#wrong = new FailureWindow(WRONG_MAX, WRONG_MS, nowMs);
  }

  async list(actor: Actor, id: string): Promise<readonly StageLinkInfo[]> {
    await findFor(this.database.tables, actor, "present", id);
    const rows = await stageLinks.listStageLinks(this.database.tables, id, this.#now());
    return rows.map((row) => ({
      id: row.id, createdBy: row.createdBy.name, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt.toISOString(), audience: this.#open.get(row.id) ?? 0,
    }));
  }

  async create(actor: Actor, { id, hours }: { id: string; hours: number }): Promise<OnceTold> {
    const token = newSecret();
    const expiresAt = new Date(this.nowMs() + hours * HOUR_MS);
    await this.database.transaction(async (tables) => {
      await lockFor(tables, actor, "present", id);
      const open = await stageLinks.listStageLinks(tables, id, this.#now());
      if (open.length >= LINKS_MAX) throw new AppError("TOO_LARGE", `A topology has at most ${LINKS_MAX} stage links. Revoke one first.`);
      await stageLinks.createStageLink(tables, { tokenHash: hashOf(token), topologyId: id, createdById: actor.id, expiresAt }, this.#now());
    });
    return { token, expiresAt: expiresAt.toISOString() };
  }

  /** Whoever looks at it is cut off. */
  async revoke(actor: Actor, { id, linkId }: { id: string; linkId: string }): Promise<{ id: string }> {
    await this.database.transaction(async (tables) => {
      await lockFor(tables, actor, "present", id);
      if (!(await stageLinks.deleteStageLink(tables, id, linkId))) throw new AppError("NOT_FOUND", "There is no such stage link; it may have been revoked or have expired.");
    });
    this.changes.announce();
    return { id: linkId };
  }

  async *drawing(token: string, options: StageOptions): AsyncGenerator<StageEvent> {
    const { audience, row } = await this.#admit(token, options.ip);
    const feed = this.bus.feed(row.id);
    if (!feed) throw refused();
    this.#open.set(audience.link.id, (this.#open.get(audience.link.id) ?? 0) + 1);
    const watch = this.#watch(token, row.id, options.signal);
    try {
      for await (const { id, event } of feed.subscribe(null, { signal: watch.signal, bufferedBytes: options.bufferedBytes })) {
        if (event.type === "snapshot" || event.type === "revision" || event.type === "layout") yield await this.#drawingAt(row.id, id);
        yield* toldOf(event);
      }
      if (watch.ended()) throw refused();
    } finally {
      watch.stop();
      const left = (this.#open.get(audience.link.id) ?? 1) - 1;
      if (left > 0) this.#open.set(audience.link.id, left);
      else this.#open.delete(audience.link.id);
    }
  }

  async *presenter(token: string, options: StageOptions): AsyncGenerator<PresenterEvent> {
    const { audience, row } = await this.#admit(token, options.ip);
    const watch = this.#watch(token, row.id, options.signal);
    const sees = (userId: string) => userId === audience.link.createdBy.id;
    try {
      for await (const event of this.presences.watch(row.id, { signal: watch.signal, bufferedBytes: options.bufferedBytes, you: null, sees })) {
        const tabs = event.people.map(({ key, cursor, selection, path, view }) => ({
          key, ...(cursor === undefined ? {} : { cursor }), ...(selection === undefined ? {} : { selection }), ...(path === undefined ? {} : { path }), ...(view === undefined ? {} : { view }),
        }));
        yield (event.type === "all" ? { type: "all", tabs } : { type: "changed", tabs, gone: event.gone }) as PresenterEvent;
      }
      if (watch.ended()) throw refused();
    } finally {
      watch.stop();
    }
  }

  /** Throws UNAUTHENTICATED for what is unknown, expired or revoked, alike; RATE_LIMITED for an address that guesses. */
  async #admit(token: string, ip: string | null): Promise<{ audience: Audience; row: TopologyRow }> {
    const waitMs = ip === null ? 0 : this.#wrong.waitMs(ip);
    if (waitMs > 0) throw new AppError("RATE_LIMITED", "Too many links from this address did not work. Try again later.", { retryAfterS: Math.ceil(waitMs / 1_000) });
    const admitted = await this.#look(token);
    if (admitted) return admitted;
    if (ip !== null) this.#wrong.add(ip);
    throw refused();
  }

  /** What a link shows, as long as whoever made it may present it. */
  async #look(token: string): Promise<{ audience: Audience; row: TopologyRow } | null> {
    const { tables } = this.database;
    const link = await stageLinks.findStageLink(tables, hashOf(token), this.#now());
    const row = link && (await findTopology(tables, link.topologyId));
    if (!row || link.createdBy.state !== "active") return null;
    const { id, role, memberships, teaches } = link.createdBy;
    const presenter: ActorFacts = { id, role, memberOf: memberships.map(({ classId }) => classId), teaches: teaches.map((one) => one.id) };
    const audience: Audience = { id: link.id, role: "stage", stageOf: link.topologyId, teaches: [], memberOf: [], link };
    return mayDo(presenter, "present", row) && mayDo(audience, "view", row) ? { audience, row } : null;
  }

  /** Ends with the caller, at once when the link does not work any more, and soon when it has expired or the topology is gone. */
  #watch(token: string, topologyId: string, signal: AbortSignal) {
    const withdrawn = new AbortController();
    const recheck = () => void this.#look(token).then((found) => found ?? withdrawn.abort(), () => withdrawn.abort());
    const unsubscribe = this.changes.subscribe(recheck);
    let expiresAt: number | null = null;
    void this.#look(token).then((found) => (found ? (expiresAt = found.audience.link.expiresAt.getTime()) : withdrawn.abort()), () => withdrawn.abort());
    const timer = setInterval(() => {
      const isOver = (expiresAt !== null && this.nowMs() >= expiresAt) || this.bus.feed(topologyId) === null;
      if (isOver) withdrawn.abort();
    }, LOOK_MS).unref();
    return {
      signal: AbortSignal.any([signal, withdrawn.signal]),
      ended: () => withdrawn.signal.aborted,
      stop: () => {
        unsubscribe();
        clearInterval(timer);
      },
    };
  }

  #drawingAt(topologyId: string, eventId: string): Promise<StageEvent> {
    const known = this.#drawings.get(topologyId);
    if (known?.eventId === eventId) return known.event;
    const event = findTopology(this.database.tables, topologyId).then((row): StageEvent =>
      row ? { type: "drawing", name: row.name, revision: row.revision, document: row.document, layout: row.layout } : { type: "removed" });
    this.#drawings.set(topologyId, { eventId, event });
    const forget = () => void (this.#drawings.get(topologyId)?.event === event && this.#drawings.delete(topologyId));
    event.catch(forget);
    setTimeout(forget, 60_000).unref();
    return event;
  }

  #now(): Date {
    return new Date(this.nowMs());
  }
}

/** What of an event an audience is told; never who did it, on what machine, nor a line of a log. */
function* toldOf(event: LiveEvent): Generator<StageEvent> {
  switch (event.type) {
    case "snapshot":
      yield { type: "deployment", deployment: event.deployment };
      yield { type: "counters", at: 0, counters: event.counters };
      return;
    case "deployment":
      yield { type: "deployment", deployment: event.deployment };
      return;
    case "objects":
    case "counters":
    case "removed":
      yield event;
      return;
    case "revision":
    case "layout":
    case "host":
    case "log":
    case "activity":
  }
}

const refused = (): AppError => new AppError("UNAUTHENTICATED", STAGE_REFUSED);
