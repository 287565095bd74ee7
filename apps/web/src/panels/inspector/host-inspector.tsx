"use client";

import { useState } from "react";
import { useEditor, useLive, useObjectState, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { appliedWords, hostView } from "../../canvas/state/host-view";
import { objectName } from "../../canvas/scene/object-name";
import { HOST_ID } from "../../canvas/scene/scene";
import { StateMark } from "../../ui/state-mark";
import { STATE_WORDS } from "../../ui/state-words";
import { Tabs } from "../../ui/tabs";
import { hostAway } from "../host-away";
import { Fact } from "./fact";
import { HostMachine } from "./host-machine";
import { LinuxTab } from "./linux-tab";

const MODES = {
  sandbox: "sandbox: host and internet are simulated", host: "the machine’s real network", rootless: "sandbox without root",
} as const;
/** Of those that are not as they should be. */
const TROUBLES_MAX = 8;

/** The machine that becomes the drawing. Nothing of it can be drawn: it is looked at here and managed on the Hosts page. */
export function HostInspector() {
  const [tab, setTab] = useState<"general" | "linux">("general");
  const name = useLive((live) => hostView(live).name);
  return (
    <section aria-label={`Inspector of host ${name ?? ""}`.trimEnd()} className="flex min-h-0 flex-1 flex-col">
      <header className="px-4 pt-3 pb-1">
        <p className="text-xs text-muted">{name === null ? "No host yet" : "Host"}</p>
        <h2 className="truncate text-lg font-semibold">{name ?? "Host"}</h2>
      </header>
      <Tabs
        label="About the host"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: "general", label: "General", content: <div className="flex flex-col gap-4 p-4"><HostState /><HostFacts /><HostMachine /></div> },
          { value: "linux", label: "Linux", content: <LinuxTab id={HOST_ID} /> },
        ]}
      />
    </section>
  );
}

function HostFacts() {
  const host = useLive((live) => live.host);
  const deployment = useLive((live) => live.deployment);
  const heard = useLive((live) => live.heard);
  if (!host) return <p className="text-sm">{heard ? "No host is joined yet. Start an agent; this page notices it by itself." : "Connecting to the server."}</p>;
  const away = hostAway(host, deployment);
  const presence = host.state === "approved" ? (host.online ? "online" : "offline") : host.state;
  return (
    <>
      {away ? <p className="rounded-box bg-warn-soft px-3 py-2 text-sm text-warn">{`${away.long.charAt(0).toUpperCase()}${away.long.slice(1)}.`}</p> : null}
      <dl aria-label="Facts" className="flex flex-col gap-1.5">
        <Fact label="State" value={presence} />
        <Fact label="Applied last" value={appliedWords(deployment)} />
        <Fact label="Mode" value={MODES[host.mode]} />
        <Fact label="Public addresses" value={host.publicPool ? "has a pool to give" : "none: gateways share its own"} />
        <Fact label="Agent" value={host.version === "" ? "never connected" : host.version} />
        <Fact label="Kernel" value={host.kernel} />
      </dl>
    </>
  );
}

/** How everything on it fares, with the way to what does not. */
function HostState() {
  const { editor } = useEditor();
  const { index } = useScene();
  const { state, reason } = useObjectState(HOST_ID);
  const objects = useLive((live) => live.deployment.objects);
  const tone = state === "failed" ? "bg-bad-soft text-bad" : state === "drifted" ? "bg-warn-soft text-warn" : "bg-raised";
  const troubled = state === "failed" || state === "drifted" ? Object.entries(objects).filter(([id, object]) => object.state === state && id !== HOST_ID) : [];
  return (
    <div role="status" aria-label="State" className={`flex items-start gap-2 rounded-box px-3 py-2 text-sm ${tone}`}>
      <span className="flex h-5 items-center"><StateMark state={state} /></span>
      <div className="min-w-0">
        <span className="font-medium">{STATE_WORDS[state].charAt(0).toUpperCase() + STATE_WORDS[state].slice(1)}</span>
        {reason ? <span className="block text-xs">{reason}</span> : null}
        {troubled.slice(0, TROUBLES_MAX).map(([id, object]) => (
          <button key={id} type="button" onClick={() => select(editor, [id])} className="block w-full truncate text-left text-xs underline underline-offset-2" title={object.reason}>
            {objectName(index, id) ?? id}
          </button>
        ))}
      </div>
    </div>
  );
}
