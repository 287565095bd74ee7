import type { AuditRecord } from "@vpclab/shared/wire/audit";

/** Refusals of one kind by one caller in a window; further kinds are counted together. */
const KINDS_PER_CALLER_MAX = 20;
/** Of all who are not signed in. */
const KINDS_ANONYMOUS_MAX = 60;
/** Callers that are told apart. */
const CALLERS_MAX = 1000;

interface Counted {
  readonly record: AuditRecord;
  repeats: number;
}

/**
 * Refusals cost a caller nothing, so they must cost the disk little: the first of a kind in a window is written at once, those like it
 * become one entry with their count when the window ends. In a window anonymous callers cause at most 121 entries all together, a
 * user or a host 41.
 */
export class RefusalWindow {
  #counted = new Map<string, Counted>();
  /** Kinds seen, by caller. */
  #kinds = new Map<string, number>();

  /** The entry to write now; null: it is counted. */
  take(record: AuditRecord): AuditRecord | null {
    const caller = callerOf(record);
    const kind = JSON.stringify([caller, networkOf(record.ip), record.action, record.object?.kind, record.object?.id, record.jobId, record.outcome, record.errorCode]);
    const known = this.#counted.get(kind);
    if (known) return count(known);
    const anonymous = record.actor.kind === "anonymous";
    const kinds = this.#kinds.get(caller) ?? 0;
    if (kinds >= (anonymous ? KINDS_ANONYMOUS_MAX : KINDS_PER_CALLER_MAX) || (kinds === 0 && this.#kinds.size >= CALLERS_MAX)) return this.#overflow(caller, record);
    this.#kinds.set(caller, kinds + 1);
    this.#counted.set(kind, { record, repeats: 0 });
    return record;
  }

  /** Ends the window: what was counted, as entries. */
  drain(at: number): AuditRecord[] {
    const counted = [...this.#counted.values()].filter(({ repeats }) => repeats > 0);
    this.#counted = new Map();
    this.#kinds = new Map();
    return counted.map(({ record, repeats }) => ({ ...record, at, traceId: null, count: repeats }));
  }

  #overflow(caller: string, record: AuditRecord): null {
    const key = `various ${this.#kinds.has(caller) ? caller : "callers"}`;
    const known = this.#counted.get(key) ?? {
      record: { ...record, ip: record.actor.kind === "anonymous" ? null : record.ip, action: "various", object: null, errorCode: null, jobId: null, revisionBefore: null, revisionAfter: null },
      repeats: 0,
    };
    this.#counted.set(key, known);
    return count(known);
  }
}

function count(counted: Counted): null {
  counted.repeats += 1;
  return null;
}

const callerOf = ({ actor: { kind, id } }: AuditRecord): string => (kind === "anonymous" ? kind : `${kind} ${id ?? ""}`);

/** Whoever has an IPv6 address has the whole /64. */
function networkOf(ip: string | null): string {
  if (ip === null || !ip.includes(":")) return ip ?? "";
  const [left = "", right] = ip.split("::");
  const groups = left === "" ? [] : left.split(":");
  const missing = right === undefined ? 0 : 8 - groups.length - (right === "" ? 0 : right.split(":").length);
  return [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...(right ?? "").split(":")].slice(0, 4).join(":");
}
