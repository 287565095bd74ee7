"use client";

import type { PresencePatch } from "@vpclab/shared/wire/presence";
import { useCallback, useEffect, useRef } from "react";
import type { EdgeRoutes } from "../canvas/scene/edge-routes";
import { useEditor } from "../canvas/state/editor-context";
import { PeopleOverlay } from "../canvas/overlays/people-overlay";
import { forgetPresence, hearPresence } from "../canvas/state/presence-store";
import { useSayWhere } from "../canvas/hooks/use-say-where";
import { useConnected } from "../trpc/provider";

/** Shows the others on this canvas, and this tab to them. */
export function Together({ routes }: { readonly routes: EdgeRoutes }) {
  const { api, presence } = useEditor();
  const connected = useConnected();
  /** All that this tab has said, to be said again to a server that has forgotten it. */
  const said = useRef<PresencePatch>({});
  const line = useRef<ReturnType<typeof api.presence> | null>(null);
  const say = useCallback((patch: PresencePatch) => {
    said.current = { ...said.current, ...patch };
    if (presence.getState().you !== null) line.current?.say(patch);
  }, [presence]);
  useSayWhere(say);

  useEffect(() => {
    const opened = api.presence((event) => {
      hearPresence(presence, event);
      if (event.type === "all" && event.you !== null) opened.say(said.current);
    });
    line.current = opened;
    return () => {
      opened.stop();
      line.current = null;
      forgetPresence(presence);
    };
  }, [api, presence]);
  useEffect(() => {
    if (!connected) forgetPresence(presence);
  }, [connected, presence]);
  return <PeopleOverlay presence={presence} routes={routes} />;
}
