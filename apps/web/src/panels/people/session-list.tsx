"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { formatAgo } from "../../ui/format-ago";
import { deviceName } from "./device-name";
import { Panel } from "./panel";
import { useChange } from "./use-change";

export function SessionList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const change = useChange();
  const { data: sessions = [], dataUpdatedAt } = useQuery(trpc.account.sessions.queryOptions());
  const others = sessions.filter(({ current }) => !current).length;
  return (
    <Panel
      title="Sessions" text="Where you are signed in. One that ends is cut at once."
      action={others > 0 ? <Button size="sm" onClick={() => change(() => client.account.endOtherSessions.mutate())}>End all others</Button> : null}
    >
      <ul aria-label="Sessions">
        {sessions.map(({ id, device, createdAt, lastSeenAt, current }) => (
          <li key={id} className="flex min-h-14 items-center justify-between gap-4 border-b border-line px-4 py-2 last:border-b-0">
            <div>
              <p className="text-sm">{deviceName(device)}{current ? <span className="ml-2 rounded-full bg-ok-soft px-2 py-0.5 text-xs text-ok">this one</span> : null}</p>
              <p className="text-xs text-muted">{`signed in ${formatAgo(Date.parse(createdAt), dataUpdatedAt)}, last used ${formatAgo(Date.parse(lastSeenAt), dataUpdatedAt)}`}</p>
            </div>
            {current ? null : <Button size="sm" look="danger" onClick={() => change(() => client.account.endSession.mutate({ id }))}>End</Button>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
