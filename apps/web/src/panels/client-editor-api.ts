import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "../server/routers/app-router";
import type { EditorApi } from "../canvas/state/editor-api";
import { failureOf } from "./call-failure";

const ACTIVITY_PAGE = 100;
const REVISIONS_PAGE = 50;

/** The editor's questions as calls of the server's procedures. */
export function createEditorApi(client: TRPCClient<AppRouter>, id: string): EditorApi {
  return {
    get: () => client.topology.get.query({ id }),
    revisions: (before) => client.topology.revisions.query({ id, before, limit: REVISIONS_PAGE }),
    revision: (revision) => client.topology.revision.query({ id, revision }),
    save: (baseRevision, commands, clientId) => client.topology.save.mutate({ id, baseRevision, commands: [...commands], clientId }),
    saveLayout: (patch, clientId) => client.topology.saveLayout.mutate({ id, patch, clientId }),
    importCopy: (name, document, layout) => client.topology.import.mutate({ name, document, layout }),
    rename: (name) => client.topology.rename.mutate({ id, name }),
    hosts: () => client.host.list.query(),
    chooseHost: (hostId) => client.host.choose.mutate({ id, hostId }),
    plan: () => client.deployment.plan.query({ id }),
    apply: (confirmSeconds) => client.deployment.applyNewest.mutate({ id, ...(confirmSeconds === undefined ? {} : { confirmSeconds }) }),
    safeApply: () => client.deployment.safeApply.query({ id }),
    teardown: () => client.deployment.teardown.mutate({ id }),
    cancel: () => client.deployment.cancel.mutate({ id }),
    ruleHits: (objectId) => client.rule.hits.query({ id, objectId }),
    probe: (question) => client.probe.run.mutate({ id, ...question }),
    measure: (questions) => client.probe.measure.mutate({
      id, kind: questions[0]?.kind ?? "ping", port: questions[0]?.port ?? null,
      flows: questions.map(({ source, destination }) => ({ source, destination })),
    }),
    inspect: (objectId) => client.deployment.inspect.query({ id, objectId }),
    peeringCandidates: (vpcId) => client.peering.candidates.query({ id, vpcId }),
    requestPeering: (request) => client.peering.request.mutate({ id, ...request }),
    answerPeering: (peeringId, accept) => client.peering.answer.mutate({ id, peeringId, accept }),
    activity: (before, only) => client.activity.list.query({ topology: id, before, limit: ACTIVITY_PAGE, only }),
    activityEntry: (entryId) => client.activity.get.query({ entryId }),
    subscribe: (listener) => {
      const subscription = client.live.topology.subscribe({ id }, { onData: ({ data }) => listener(data) });
      return () => subscription.unsubscribe();
    },
    presence: (listener) => {
      const subscription = client.live.presence.subscribe({ id }, { onData: listener });
      // What is not heard now is told with the next move.
      return { say: (patch) => void client.live.point.mutate({ id, patch }).catch(() => {}), stop: () => subscription.unsubscribe() };
    },
    failureOf,
  };
}
