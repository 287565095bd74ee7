import { router } from "../trpc";
import { getActivity } from "./activity/get";
import { listActivity } from "./activity/list";
import { me } from "./auth/me";
import { applyTopology } from "./deployment/apply";
import { planDeployment } from "./deployment/plan";
import { previewDeployment } from "./deployment/preview";
import { teardownTopology } from "./deployment/teardown";
import { approveHost } from "./host/approve";
import { chooseHost } from "./host/choose";
import { listHosts } from "./host/list";
import { mintJoinToken } from "./host/mint-token";
import { hostsOverview } from "./host/overview";
import { rejectHost } from "./host/reject";
import { removeHost } from "./host/remove";
import { revokeHost } from "./host/revoke";
import { rotateKey } from "./host/rotate-key";
import { unlockHost } from "./host/unlock";
import { liveTopology } from "./live/topology";
import { answerPeering } from "./peering/answer";
import { listPeeringCandidates } from "./peering/candidates";
import { requestPeering } from "./peering/request";
import { runProbe } from "./probe/run";
import { createTopology } from "./topology/create";
import { duplicateTopology } from "./topology/duplicate";
import { exportTopology } from "./topology/export";
import { getTopology } from "./topology/get";
import { importTopology } from "./topology/import";
import { listTopologies } from "./topology/list";
import { removeTopology } from "./topology/remove";
import { renameTopology } from "./topology/rename";
import { getRevision } from "./topology/revision";
import { listRevisions } from "./topology/revisions";
import { saveTopology } from "./topology/save";
import { saveLayout } from "./topology/save-layout";

const calls = {
  auth: router({ me }),
  topology: router({
    list: listTopologies,
    get: getTopology,
    create: createTopology,
    import: importTopology,
    export: exportTopology,
    rename: renameTopology,
    duplicate: duplicateTopology,
    remove: removeTopology,
    save: saveTopology,
    saveLayout,
    revisions: listRevisions,
    revision: getRevision,
  }),
  // `apply` alone is a reserved word of tRPC.
  deployment: router({ plan: planDeployment, preview: previewDeployment, applyNewest: applyTopology, teardown: teardownTopology }),
  peering: router({ candidates: listPeeringCandidates, request: requestPeering, answer: answerPeering }),
  probe: router({ run: runProbe }),
  host: router({
    list: listHosts,
    overview: hostsOverview,
    mintToken: mintJoinToken,
    approve: approveHost,
    reject: rejectHost,
    revoke: revokeHost,
    unlock: unlockHost,
    remove: removeHost,
    rotateKey,
    choose: chooseHost,
  }),
  activity: router({ list: listActivity, get: getActivity }),
};
const live = router({ topology: liveTopology });

/** Served over HTTP: queries and mutations. A stream over plain HTTP would take one of a browser's few connections. */
export const callRouter = router(calls);

/** Served over the browser's WebSocket. */
export const liveRouter = router({ live });

/** Both, as the pages see them. */
export const appRouter = router({ ...calls, live });

export type AppRouter = typeof appRouter;
