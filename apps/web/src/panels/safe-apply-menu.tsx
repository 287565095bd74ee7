"use client";

import { ChevronDown, ShieldCheck } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useEditor, useLive } from "../canvas/state/editor-context";
import { useSafeApply } from "./use-safe-apply";

const CHOICES: readonly number[] = [0, 30, 60, 300];
const inWords = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

/** Beside Apply: whether the host goes back by itself when it does not hear from the server after an apply. */
export function SafeApplyMenu({ disabled }: { readonly disabled: boolean }) {
  const { live } = useEditor();
  const safe = useLive((state) => state.safe);
  useSafeApply();
  if (!safe) return null;
  const choices = [...new Set([...CHOICES, safe.standard, safe.seconds])].sort((a, b) => a - b);
  const now = safe.seconds === 0 ? "the host keeps what is applied" : `the host returns by itself after ${inWords(safe.seconds)}`;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <button type="button" disabled={disabled} aria-label={`Safe apply: ${now}`} title={`Safe apply: ${now}`} className="flex h-8 items-center gap-0.5 rounded-box px-1 text-muted hover:bg-raised disabled:opacity-50">
          {safe.seconds > 0 ? <ShieldCheck aria-hidden className="size-4 text-ok" /> : null}
          <ChevronDown aria-hidden className="size-4" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="z-50 w-80 rounded-box border border-line bg-surface p-1 shadow-lifted">
          <DropdownMenu.Label className="px-2 py-1 text-xs text-muted">If the host cannot reach the server after an apply</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={`${safe.seconds}`} onValueChange={(value) => live.setState({ safe: { ...safe, seconds: Number(value), isChosen: true } })}>
            {choices.map((seconds) => (
              <DropdownMenu.RadioItem
                key={seconds}
                value={`${seconds}`}
                className="flex h-8 items-center gap-2 rounded-box px-2 text-sm outline-none data-highlighted:bg-raised data-[state=checked]:font-medium"
              >
                <span aria-hidden className="inline-flex size-4 items-center justify-center"><DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator></span>
                <span className="flex-1">{seconds === 0 ? "it keeps what is applied" : `it returns by itself after ${inWords(seconds)}`}</span>
                {seconds === safe.standard ? <span className="text-xs text-muted">usual here</span> : null}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <p className="px-2 py-1 text-xs text-muted">Kept for this topology with the next apply.</p>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
