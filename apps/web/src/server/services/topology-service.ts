import { AppError } from "@vpclab/shared/errors/app-error";
import type { Issue } from "@vpclab/shared/errors/issue";
import { applyEdits } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { applyLayoutPatch, LayoutSchema } from "@vpclab/shared/topology/layout";
import type { Layout, LayoutPatch } from "@vpclab/shared/topology/layout";
import { issuesOfSchema } from "@vpclab/shared/topology/schema-issues";
import { buildTemplate } from "@vpclab/shared/templates/build-template";
import type { Topology } from "@vpclab/shared/topology/topology";
import { parseTopology } from "@vpclab/shared/topology/validate";
import { validateTopologyName } from "@vpclab/shared/topology/validate-names";
import type { TemplateName } from "@vpclab/shared/templates/template-catalog";
import type { RevisionsInput, RevisionSummary, SaveAnswer, TopologySnapshot, TopologySummary } from "@vpclab/shared/wire/api";
import type { z } from "zod";
import { REVISIONS_KEPT, REVISIONS_PAGE_MAX } from "@vpclab/shared/wire/api";
import { EMPTY_DEPLOYMENT } from "../bus/live-state";
import type { LiveBus } from "../bus/live-bus";
import { isUniqueViolation } from "../store/database";
import type { Database } from "../store/database";
import { listHosts } from "../store/host-store";
import { findAuthor, findRevision, listRevisions } from "../store/revision-store";
import * as topologies from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { findFor, lockFor, mayDo, mustBeAllowed } from "./access";
import { recordOwn } from "./activity-recorder";
import type { AgentLink } from "./agent-link";
import { AuditScope } from "./audit-scope";
import { withFreshIds } from "./fresh-ids";
import { refuseWhileDeployed } from "./deployed";
import { defaultHost, hostInfo } from "./host-service";
import { randomBytes } from "./random-bytes";
import { remotePeeringFaults, topologiesToFollow, withoutRemotePeerings } from "./remote-peerings";
import { announce, follow, saveWithPeers } from "./revision-writer";
import type { Actor, TopologyExport, TopologyService } from "./services";

const LAYOUT_BOXES_MAX = 20_000;

export class Topologies implements TopologyService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: Pick<AgentLink, "isOnline">,
  ) {}

  async list(actor: Actor): Promise<readonly TopologySummary[]> {
    const rows = await topologies.listTopologies(this.database.tables);
    return rows.filter((row) => mayDo(actor, "view", row)).map((row) => {
      const { state, revision } = this.bus.feed(row.id)?.state.deployment ?? row.deployment ?? EMPTY_DEPLOYMENT;
      return {
        id: row.id, name: row.name, owner: row.ownerName, revision: row.revision, updatedAt: row.updatedAt.toISOString(),
        vpcs: row.document.vpcs.length, subnets: row.document.subnets.length, instances: row.document.instances.length,
        deployment: { state, revision },
      };
    });
  }

  async get(actor: Actor, id: string): Promise<TopologySnapshot> {
    return snapshotOf(await this.#find(actor, id));
  }

  async create(actor: Actor, { name, template }: { name: string; template: TemplateName }): Promise<TopologySnapshot> {
    return this.#create(actor, name, buildTemplate(template, randomBytes), { action: "create", text: template === "empty" ? "Empty topology created" : `Topology created as “${template}”` });
  }

  async import(actor: Actor, input: { name: string; document?: unknown; layout?: unknown }): Promise<TopologySnapshot> {
    const document = parseTopology(input.document);
    if (!document.ok) throw AppError.fromIssues(document.error.map(inside("document")));
    const layout = LayoutSchema.safeParse(input.layout === undefined ? {} : input.layout);
    if (!layout.success) throw AppError.fromIssues(issuesOfSchema(layout.error).map(inside("layout")));
    return this.#create(actor, input.name, copyOf(document.value, layout.data), { action: "import", text: "Topology imported from a file" });
  }

  async export(actor: Actor, id: string): Promise<TopologyExport> {
    const { name, document, layout } = await this.#find(actor, id);
    return { name, document, layout };
  }

  async duplicate(actor: Actor, input: { id: string; name: string }): Promise<TopologySnapshot> {
    const original = await this.#find(actor, input.id);
    const own = { action: "duplicate", text: `Topology copied from “${original.name}” at revision ${original.revision}` };
    return this.#create(actor, input.name, copyOf(original.document, original.layout), own);
  }

  async rename(actor: Actor, { id, name }: { id: string; name: string }): Promise<{ id: string; name: string }> {
    checkName(name);
    const { before, followers } = await nameIsFree(name, () =>
      this.database.transaction(async (tables) => {
        await topologies.lockPeerings(tables);
        const row = await lockFor(tables, actor, "edit", id);
        if (row.name === name) return { before: row, followers: [] };
        await refuseWhileDeployed(tables, row, "rename it: its name is part of the names of its namespaces");
        await topologies.renameTopology(tables, id, name);
        return { before: row, followers: await follow(tables, actor, { ...row, name }, topologiesToFollow(row.document, null)) };
      }),
    );
    this.bus.feed(id)?.rename(name);
    announce(this.bus, actor, followers);
    if (before.name !== name) {
      await recordOwn(this.database, this.bus, actor, { topology: { ...before, name }, action: "rename", text: `“${before.name}” is called “${name}” now` });
    }
    return { id, name };
  }

  async remove(actor: Actor, id: string): Promise<{ id: string }> {
    const followers = await this.database.transaction(async (tables) => {
      await topologies.lockPeerings(tables);
      const row = await lockFor(tables, actor, "remove", id);
      await refuseWhileDeployed(tables, row, "delete it");
      await topologies.deleteTopology(tables, id);
      return follow(tables, actor, { ...row, document: null }, topologiesToFollow(row.document, null));
    });
    this.bus.remove(id);
    announce(this.bus, actor, followers);
    return { id };
  }

  async save(
    actor: Actor,
    input: { id: string; baseRevision: number; commands: readonly EditCommand[]; clientId: string },
  ): Promise<SaveAnswer> {
    const { id, baseRevision, commands, clientId } = input;
    const written = await this.database.transaction(async (tables) => {
      const row = await findFor(tables, actor, "edit", id);
      if (row.revision !== baseRevision) return stale();
      const edited = applyEdits(row.document, commands);
      if (!edited.ok) throw AppError.fromIssues(edited.error);
      const forged = remotePeeringFaults(row.document, edited.value);
      if (forged.length > 0) throw AppError.fromIssues(forged);
      return (await saveWithPeers(tables, actor, row, edited.value)) ?? stale();
    });
    if (!written) return this.#stale(actor, id);
    announce(this.bus, actor, written, clientId);
    return { saved: true, revision: baseRevision + 1 };
  }

  async saveLayout(actor: Actor, { id, patch, clientId }: { id: string; patch: LayoutPatch; clientId: string }): Promise<{ id: string }> {
    await this.database.transaction(async (tables) => {
      const row = await lockFor(tables, actor, "edit", id);
      const layout = applyLayoutPatch(row.layout, patch);
      if (Object.keys(layout).length > LAYOUT_BOXES_MAX) throw new AppError("TOO_LARGE", `A layout has at most ${LAYOUT_BOXES_MAX} boxes.`);
      await topologies.saveLayout(tables, id, layout);
    });
    this.bus.feed(id)?.publish({ type: "layout", clientId });
    return { id };
  }

  async revisions(actor: Actor, { id, before, limit }: z.infer<typeof RevisionsInput>): Promise<readonly RevisionSummary[]> {
    await this.#find(actor, id);
    const rows = await listRevisions(this.database.tables, id, { before: before ?? null, limit: limit ?? REVISIONS_PAGE_MAX });
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  }

  async revision(actor: Actor, { id, revision }: { id: string; revision: number }): Promise<TopologySnapshot> {
    const row = await this.#find(actor, id);
    const found = await findRevision(this.database.tables, id, revision);
    if (!found) throw new AppError("NOT_FOUND", `This topology has no revision ${revision}; of old ones the newest ${REVISIONS_KEPT} are kept.`);
    return { ...snapshotOf(row), revision, document: found.document, layout: found.layout ?? row.layout };
  }

  #find(actor: Actor, id: string): Promise<TopologyRow> {
    return findFor(this.database.tables, actor, "view", id);
  }

  async #create(
    actor: Actor, name: string, content: { document: Topology; layout: Layout }, entry: { action: string; text: string },
  ): Promise<TopologySnapshot> {
    mustBeAllowed(actor, "createTopology");
    checkName(name);
    const host = defaultHost(await listHosts(this.database.tables));
    const row = await nameIsFree(name, () =>
      this.database.transaction(async (tables) => {
        const made = await topologies.createTopology(tables, { ...content, name, ownerId: actor.id, hostId: host?.id ?? null });
        AuditScope.current()?.noteMade({ kind: "topology", id: made.id, name }, made.revision);
        return made;
      }),
    );
    this.bus.add(row.id, row.hostId, {
      name, revision: row.revision, deployment: EMPTY_DEPLOYMENT, counters: {}, log: [],
      host: host && hostInfo(host, this.agents.isOnline(host.id)),
    });
    await recordOwn(this.database, this.bus, actor, { ...entry, topology: row });
    return snapshotOf(row);
  }

  /** Nothing was written: somebody else saved first. What is stored now goes back, so that nothing of theirs is lost. */
  async #stale(actor: Actor, id: string): Promise<SaveAnswer> {
    const row = await this.#find(actor, id);
    const author = await findAuthor(this.database.tables, id, row.revision);
    return { saved: false, current: snapshotOf(row), author };
  }
}

/** Nothing is written. The audit log says so, although it is no error. */
function stale(): null {
  AuditScope.current()?.noteEnd("refused", "CONFLICT");
  return null;
}

const snapshotOf = ({ id, name, revision, document, layout }: TopologyRow): TopologySnapshot => ({ id, name, revision, document, layout });

/** A new topology's content: nothing that is kept by id, and no peering that another topology has agreed to, is shared with the original. */
function copyOf(document: Topology, layout: Layout): { document: Topology; layout: Layout } {
  const own = applyEdits(document, withoutRemotePeerings(document));
  if (!own.ok) throw AppError.fromIssues(own.error);
  return withFreshIds(own.value, layout, randomBytes);
}

const inside = (field: string) => (issue: Issue): Issue => ({ ...issue, path: [field, ...issue.path] });

function checkName(name: string): void {
  const issues = validateTopologyName(name, ["name"]);
  if (issues.length > 0) throw AppError.fromIssues(issues);
}

/** The database decides whether a name is taken: looking first would let two at once through. */
async function nameIsFree<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw AppError.fromIssues([
      { severity: "error", code: "NAME_TAKEN", path: ["name"], message: `There is already a topology called “${name}”; choose another name.` },
    ]);
  }
}
