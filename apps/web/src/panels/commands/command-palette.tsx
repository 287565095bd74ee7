"use client";

import { Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { Command } from "../../canvas/hooks/command";
import { useEditor, useGesture } from "../../canvas/state/editor-context";
import { PaletteOption } from "./palette-option";
import { usePaletteRows } from "./use-palette-rows";

interface CommandPaletteProps {
  readonly commands: readonly Command[];
  /** Selects an object, shows it and its inspector. */
  readonly onObject: (id: string) => void;
}

/** Find: one field for objects and for everything that can be done. */
export function CommandPalette({ commands, onObject }: CommandPaletteProps) {
  const { gestures } = useEditor();
  const open = useGesture(({ overlay }) => overlay?.kind === "find");
  const close = () => gestures.setState({ overlay: null });
  const found = useRef(false);
  const goTo = (id: string) => {
    found.current = true;
    onObject(id);
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : close())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Radix.Content
          aria-describedby={undefined}
          // The focus goes on to the object that was found, else back to where it was.
          onCloseAutoFocus={(event) => {
            if (found.current) event.preventDefault();
            found.current = false;
          }}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[min(640px,calc(100vw-32px))] -translate-x-1/2 flex-col overflow-hidden rounded-box border border-line bg-surface shadow-lifted"
        >
          <Radix.Title className="sr-only">Find</Radix.Title>
          <PaletteBody commands={commands} onObject={goTo} close={close} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Begins anew each time it is opened. */
function PaletteBody({ commands, onObject, close }: CommandPaletteProps & { readonly close: () => void }) {
  const id = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const groups = usePaletteRows(commands, query);
  const rows = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const at = Math.min(active, rows.length - 1);
  const optionId = (number: number) => `${id}-option-${number}`;

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, rows]);

  const choose = (number: number) => {
    const row = rows[number];
    if (!row || row.refusal !== undefined) return;
    close();
    if (row.objectId !== null) onObject(row.objectId);
    else row.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = (number: number) => {
      event.preventDefault();
      setActive(Math.max(0, Math.min(rows.length - 1, number)));
    };
    if (event.key === "ArrowDown") to(at + 1 >= rows.length ? 0 : at + 1);
    else if (event.key === "ArrowUp") to(at <= 0 ? rows.length - 1 : at - 1);
    else if (event.key === "PageDown") to(at + 8);
    else if (event.key === "PageUp") to(at - 8);
    else if (event.key === "Enter") {
      event.preventDefault();
      choose(at);
    }
  };

  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
        <Search className="size-4 shrink-0 text-muted" aria-hidden />
        <input
          role="combobox"
          aria-label="Find an object or a command"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={rows.length > 0 ? optionId(at) : undefined}
          autoComplete="off"
          spellCheck={false}
          value={query}
          placeholder="Name, address, CIDR, port, kernel name, or what to do"
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
        />
        <kbd className="numeric rounded-[5px] border border-line px-1.5 text-xs text-muted">Esc</kbd>
      </div>
      <div id={`${id}-list`} ref={list} role="listbox" aria-label="Found" className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={group.title} className="pb-1">
            <div aria-hidden className="px-2.5 pt-2 pb-1 text-xs text-muted">{group.title}</div>
            {group.rows.map((row) => {
              const number = rows.indexOf(row);
              return <PaletteOption key={row.key} id={optionId(number)} row={row} active={number === at} onPoint={() => setActive(number)} onChoose={() => choose(number)} />;
            })}
          </div>
        ))}
        {rows.length === 0 ? <p className="px-2.5 py-6 text-center text-sm text-muted">Nothing is called so. Try an address, a group, a port, or the name of an interface or a namespace.</p> : null}
      </div>
      <p role="status" className="sr-only">{`${rows.length} found`}</p>
    </>
  );
}
