import { router } from "../trpc";
import { liveTopology } from "./live/topology";

/** The part that is served over the browser's WebSocket; everything else goes by HTTP. */
export const liveRouter = router({ live: router({ topology: liveTopology }) });
