// Minimal types of what ui.mjs re-exports, so that `tsc --checkJs --strict` needs no downloaded packages.
// Tag and attribute names inside html`` are not checked; the values in its holes are.

export interface VNode {
  type: unknown;
  props: Record<string, unknown>;
  key: string | number | null;
}

export type Child = VNode | string | number | bigint | boolean | null | undefined | ReadonlySignal<unknown> | readonly Child[];
export type Component<P = Record<string, unknown>> = (props: P & { children?: Child }) => Child;
export type Cleanup = () => void;

export interface Ref<T> {
  current: T;
}

export interface ReadonlySignal<T> {
  readonly value: T;
  peek(): T;
  subscribe(heard: (value: T) => void): Cleanup;
}

export interface Signal<T> extends ReadonlySignal<T> {
  value: T;
}

export function h(type: string | Component<never>, props?: object | null, ...children: Child[]): VNode;
export function html(strings: TemplateStringsArray, ...holes: unknown[]): VNode;
export function render(node: Child, parent: Element): void;
export const Fragment: Component;

export function useState<S>(initial: S | (() => S)): [S, (next: S | ((before: S) => S)) => void];
export function useEffect(effect: () => void | Cleanup, inputs?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => void | Cleanup, inputs?: readonly unknown[]): void;
export function useMemo<T>(make: () => T, inputs: readonly unknown[]): T;
export function useCallback<F extends (...args: never[]) => unknown>(callback: F, inputs: readonly unknown[]): F;
export function useRef<T>(initial: T): Ref<T>;
export function useRef<T>(initial: null): Ref<T | null>;

export function signal<T>(value: T): Signal<T>;
export function computed<T>(compute: () => T): ReadonlySignal<T>;
export function effect(run: () => void | Cleanup): Cleanup;
export function batch<T>(run: () => T): T;
export function untracked<T>(run: () => T): T;
export function useSignal<T>(initial: T): Signal<T>;
export function useComputed<T>(compute: () => T): ReadonlySignal<T>;
export function useSignalEffect(run: () => void | Cleanup): void;
