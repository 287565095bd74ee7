import type { Role } from "@vpclab/shared/wire/api";

export type ActorRole = Role | "stage";

/** What of an actor decides. The classes are read with the session, at every call. */
export interface ActorFacts {
  readonly id: string;
  /** `stage`: whoever has a stage link; nobody in particular. */
  readonly role: ActorRole;
  /** Id of the topology that a stage link shows. */
  readonly stageOf?: string;
  /** Ids of the classes that he is the instructor of. */
  readonly teaches: readonly string[];
  /** Ids of the classes that he is a member of. */
  readonly memberOf: readonly string[];
}

export interface TopologyFacts {
  readonly kind: "topology";
  readonly id: string;
  readonly ownerId: string;
  readonly ownerMemberOf: readonly string[];
  readonly ownerTeaches: readonly string[];
}
export interface ClassFacts {
  readonly kind: "class";
  readonly id: string;
  readonly instructorId: string;
}
export interface UserFacts {
  readonly kind: "user";
  readonly id: string;
  readonly role: Role;
  readonly memberOf: readonly string[];
}
/** `role`: what the invited will be. `instructorId`: of the class that he will be a member of; null: of none. */
export interface InvitationFacts {
  readonly kind: "invitation";
  readonly role: Role;
  readonly instructorId: string | null;
}
/** What is there once: the server itself, and its hosts as a whole. */
export interface ServerFacts {
  readonly kind: "server";
}
export const SERVER: ServerFacts = { kind: "server" };

type Facts = TopologyFacts | ClassFacts | UserFacts | InvitationFacts | ServerFacts;

/**
 * How an actor stands to an object. `any`: however. `own`: the topology's owner, the class's instructor, the user himself,
 * an invitation of a student or viewer into an own class. `taught`: belongs to a student or viewer of an own class, or is
 * one. `shown`: belongs to a member or the instructor of a class that the actor is a member of. `member`: of the class. `staged`: what a stage link shows.
 */
type Relation = "any" | "own" | "taught" | "shown" | "member" | "staged";
type Row = Partial<Record<ActorRole, readonly Relation[]>>;

const STAFF_AND_OWNER: Row = { admin: ["any"], instructor: ["own", "taught"], student: ["own"] };
const ADMIN: Row = { admin: ["any"] };
const OF_CLASS: Row = { admin: ["any"], instructor: ["own"] };

/** Who may do what. What does not stand here may nobody. */
const MAY = {
  topology: {
    view: { ...STAFF_AND_OWNER, viewer: ["own", "shown"], stage: ["staged"] },
    edit: STAFF_AND_OWNER,
    probe: STAFF_AND_OWNER,
    deploy: STAFF_AND_OWNER,
    remove: STAFF_AND_OWNER,
    /** To make and revoke links for an audience. */
    present: STAFF_AND_OWNER,
  },
  server: {
    createTopology: { admin: ["any"], instructor: ["any"], student: ["any"] },
    createClass: { admin: ["any"], instructor: ["any"] },
    viewPeople: { admin: ["any"], instructor: ["any"] },
    viewHosts: { admin: ["any"], instructor: ["any"], student: ["any"], viewer: ["any"] },
    manageHosts: ADMIN,
    viewHostLog: ADMIN,
    /** It tells of everybody. */
    readAudit: ADMIN,
    joinClass: { student: ["any"], viewer: ["any"] },
  },
  class: {
    view: { ...OF_CLASS, student: ["member"], viewer: ["member"] },
    manage: OF_CLASS,
  },
  user: {
    view: { admin: ["any"], instructor: ["own", "taught"], student: ["own"], viewer: ["own"] },
    mintSignInLink: { admin: ["any"], instructor: ["taught"] },
    manage: ADMIN,
  },
  invitation: { view: OF_CLASS, manage: OF_CLASS },
} as const satisfies { readonly [Kind in Facts["kind"]]: { readonly [action: string]: Row } };

export type ActionOn<Kind extends Facts["kind"]> = keyof (typeof MAY)[Kind] & string;

/** The one place that decides. Pure; the facts are read where the object is. */
export function can<Object extends Facts>(actor: ActorFacts, action: ActionOn<Object["kind"]>, object: Object): boolean {
  const rows: { readonly [action: string]: Row } = MAY[object.kind];
  const row = Object.hasOwn(rows, action) ? rows[action] : undefined;
  const allowed = row && Object.hasOwn(row, actor.role) ? row[actor.role] : undefined;
  return allowed?.some((relation) => stands(actor, relation, object)) ?? false;
}

function stands(actor: ActorFacts, relation: Relation, object: Facts): boolean {
  switch (relation) {
    case "any": return true;
    case "own": return isOwn(actor, object);
    case "taught": return isTaught(actor, object);
    case "shown": return object.kind === "topology" && meet(actor.memberOf, [...object.ownerMemberOf, ...object.ownerTeaches]);
    case "staged": return object.kind === "topology" && actor.stageOf === object.id;
    case "member": return object.kind === "class" && actor.memberOf.includes(object.id);
  }
}

function isOwn(actor: ActorFacts, object: Facts): boolean {
  switch (object.kind) {
    case "topology": return object.ownerId === actor.id;
    case "class": return object.instructorId === actor.id;
    case "user": return object.id === actor.id;
    case "invitation": return object.instructorId === actor.id && isLearner(object.role);
    case "server": return false;
  }
}

function isTaught(actor: ActorFacts, object: Facts): boolean {
  if (object.kind === "topology") return meet(actor.teaches, object.ownerMemberOf);
  return object.kind === "user" && isLearner(object.role) && meet(actor.teaches, object.memberOf);
}

const isLearner = (role: Role): boolean => role === "student" || role === "viewer";
const meet = (some: readonly string[], others: readonly string[]): boolean => some.some((id) => others.includes(id));
