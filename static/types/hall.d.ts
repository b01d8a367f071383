// The contract with the server as screens see it: the page's own facts, the live feed and the records of each view.
// Instants are ISO 8601 UTC, `_s` are seconds, names are by BCP 47 language tag.

declare namespace Hall {
  type Names = Record<string, string>;
  type Week = readonly (readonly (readonly [number, number])[])[];
  type Arrow = "left" | "right" | "down";
  type TurnState = "waiting" | "called" | "serving" | "parked" | "missed" | "done";
  type PaperState = "requested" | "claimed" | "printed" | "uncertain" | "failed";

  /** What the page shell carries in its `<script type="application/json" id="page">`. */
  interface Page {
    hall: string;
    version: string;
    languages: string[];
    names: Names;
    timezone?: string;
    halls?: { id: string; names: Names }[];
    /** phone: the secret of the link, null when it leads to no ticket */
    ticket?: string | null;
    demo_token?: string | null;
    demo?: Demo | null;
    [extra: string]: unknown;
  }

  interface Demo {
    sign_ins: { login: string; secret: string; role: string; name?: string; counter?: string }[];
    kiosk_token?: string | null;
    display_token?: string | null;
    speed?: number;
  }

  interface Estimate {
    p10_s: number;
    p50_s: number;
    p90_s: number;
  }

  // --- live feed -----------------------------------------------------------------------------------------------
  type Records = Record<string, unknown>;
  interface SnapshotMessage { kind: "snapshot"; epoch: string; seq: number; version: string; at: string; rate: number; state: Records }
  interface EventMessage { kind: "event"; prev: number; seq: number; at: string; type: string; put: Records; drop: string[] }
  interface BeatMessage { kind: "beat"; seq: number; prev: number; at: string; version?: string }
  interface PongMessage { kind: "pong"; t: number; at: string }
  type FeedMessage = SnapshotMessage | EventMessage | BeatMessage | PongMessage;

  // --- records of every view -----------------------------------------------------------------------------------
  interface HallRecord {
    id: string; name: Names; languages: string[]; timezone: string; business_date: string; day_open: boolean;
    hours: Week | null; missed_return_min?: number | null;
    /** when a number counts as missed and what one may still do then, the same words everywhere */
    missed_sentence: Names;
  }

  // --- kiosk -----------------------------------------------------------------------------------------------------
  interface KioskService {
    id: string; name: Names; letter: string; parent: string | null; order: number; ahead: number; counters_open: number;
    estimate: Estimate | null; promise_s: number | null; full: boolean; hours: Week | null; documents: Names[];
    /** where its visitors wait, when all its counters stand in one area */
    area?: { name: Names; arrow: Arrow | null } | null;
  }
  interface ClassRecord { id: string; name: Names; order?: number; letter?: string | null }
  interface PrinterRecord { id: string; state: string }
  interface PaperRecord { paper: string; ticket: string; number: string; state: PaperState; reason: string | null; copy: number }

  // --- board -----------------------------------------------------------------------------------------------------
  interface BoardArea { id: string; name: Names; arrow: Arrow | null; speaks?: boolean; counters: { id: string; name: string }[] }
  interface BoardCall {
    number: string; counter: string; counter_name: string; area: string; called_at: string; at: string; call_no: number;
    state: "called" | "serving" | "closed" | "undone"; order: number;
  }

  // --- desk and manager --------------------------------------------------------------------------------------------
  interface Why {
    rule: string; rule_version: number | string; score: number | null;
    chosen_by?: "rule" | "cap" | "sent" | "picked" | "walk_in"; reason?: string | null;
    passed_over: { line: string; number: string; count: number }[];
  }
  interface DeskCounter {
    id: string; name: string; area: string; state: "closed" | "open" | "paused"; staff: string | null;
    staff_name: string | null; services: string[]; reason: string | null; since: string | null;
    /** how many were sent to this counter or its clerk */
    sent?: number;
  }
  /** From `at` on the visitor may count as missed; or not yet, for the reason `code`. */
  interface Missable { deliveries: number; needed: number; at: string | null; code: "call_not_delivered" | "too_few_calls" | null }
  /** Why calls have not reached their visitor. */
  type UndeliveredCause = "no_display" | "muted" | "not_yet";
  /** Whether the visitor's own page is open; null where the hall has none. */
  type PhonePage = "open" | "not_open" | null;
  interface Delivery { counter: string; ticket: string | null; cause: UndeliveredCause | null; phone?: PhonePage }
  interface DeskCurrent {
    ticket: string; number: string; serial: number | string; service: string; class: string; language: string;
    state: "called" | "serving"; issued_at: string; since: string; claim_at: string; called_at: string; last_call_at: string;
    started_at: string | null; call_no: number; promise_s: number | null; expected_service_s: number | null;
    /** seconds of serving after which it is asked whether it goes on */
    long_service_s: number | null;
    device: string | null; why: Why | null;
    is_inferred?: boolean; planned?: string[]; missable?: Missable | null; recall_at?: string | null;
    /** how the turn came to its place in line */
    joined_by?: string;
    /** the work counted at a finish that was taken back */
    items?: { item: string; quantity: number }[];
  }
  type UndoKind = "call" | "start" | "finish" | "miss" | "park" | "transfer";
  interface DeskUndo { kind: UndoKind; number: string; until: string | null }
  interface DeskNext {
    ticket: string; number: string; service: string; class: string; since: string; claim_at: string; promise_s: number | null;
    after: string[]; to?: string;
  }
  interface WaitingRecord {
    ticket: string; number: string; service: string; class: string; promise_s: number | null;
    /** when this wait began: promises count from here; `claim_at` is only its place in line */
    since: string; claim_at: string;
    language?: string; order?: number; to?: string; joined_by?: string;
  }
  interface MissedRecord {
    ticket: string; number: string; service: string; class: string; missed_at: string; expires_at?: string | null;
    misses?: number;
  }
  interface ParkedRecord {
    ticket: string; number: string; service: string; class: string; counter: string; counter_name: string;
    reason: string | null; parked_at: string; due_at: string;
  }
  type HelpKind = "authorise" | "dispute" | "device" | "security";
  interface HelpRecord {
    help: string; counter: string; counter_name: string; kind: HelpKind; number: string | null; at: string;
    taken_by: string | null; taken_at: string | null;
  }
  interface Reason { id: string; name: Names }
  interface ReasonsRecord { kind: string; reasons: Reason[] }
  type Situation = "no_papers" | "queue_jumping" | "no_number" | "missed" | "device_fault" | "form_again";
  interface Script { situation: Situation; minutes: number | null; steps: Record<string, string[]> }
  /** What the hall allows at its desks. */
  interface Calling {
    rule: string; pick: "never" | "reason" | "free"; walk_in: boolean; park_s: number; comeback: boolean;
    line_shown: "all" | "next" | "none"; override: boolean; delivered_by: "displays" | "voice"; scripts: Script[];
  }
  /** Where a visitor can be sent. */
  interface Elsewhere {
    services: { id: string; name: Names }[];
    counters: { id: string; name: string; state: string; staff: string | null; staff_name: string | null; services: string[] }[];
  }
  interface DeskService {
    id: string; name: Names; letter: string; waiting: number; expected_service_s: number | null;
    items?: { id: string; name: Names }[]; documents?: Names[];
  }
  interface ManagerCounter extends DeskCounter {
    /** finished today, and the weighted work of it */
    served: number; work: number;
    current: null | {
      number: string; state: string; service: string; called_at: string; started_at: string | null;
      expected_service_s: number | null; long_service_s: number | null;
    };
  }
  interface ManagerService {
    id: string; name: Names; letter: string; order: number; promise_s: number | null; waiting: number; served: number;
  }
  interface ManagerToday {
    issued: number; called: number; served: number; missed: number; cancelled: number; expired: number; waits_n: number;
    wait_s_p50: number | null; promised_n: number; in_promise_n: number; work: number; services_n: number; service_s_p50: number | null;
  }
  /** a visit of today that is over and lasted far longer than usual, or was corrected */
  interface LongTurn {
    turn: string; ticket: string; number: string; counter_name: string; service: string; called_at: string;
    started_at: string; ended_at: string; corrected_started_at: string | null; corrected_ended_at: string | null;
    correction_reason: string | null;
  }
  /** a ticket asked for over HTTP, with its turns */
  interface TicketTimes {
    id: string; number: string;
    timeline: {
      turns: {
        id: string; state: TurnState; service: string; counter: string | null; called_at: string | null;
        started_at: string | null; ended_at: string | null; corrected_started_at: string | null;
        corrected_ended_at: string | null; correction_reason: string | null;
      }[];
    };
  }
  interface RecentCall {
    number: string; counter_name: string; at: string; why: Why | null; service: string; wait_s: number;
    promise_s: number | null;
  }
  interface DeviceRecord {
    id: string; kind: string; state: string | null; last_seen: string | null;
    /** asked over HTTP: heard lately, and whether a display may sound */
    alive?: boolean; audio?: string | null;
  }
  interface DeviceAnswer {
    id: string; kind: string; area: string | null; printer_state: string | null; last_seen: string | null; alive: boolean;
    audio: "running" | "off" | "blocked" | null; frame_ms: number | null;
  }
  interface PaperTrouble { number: string; printer: string; state: "uncertain" | "failed"; reason: string | null; at: string }

  // --- phone -------------------------------------------------------------------------------------------------------
  /** who is ahead although they came later; a class has its own name */
  interface Overtaken { cause: string; count: number; name?: Names | null }
  interface PhoneTicket {
    number: string; service: string; service_name: Names; class: string; state: TurnState; outcome: string | null;
    ahead: number; counters_open: number;
    /** while called, served or set aside */
    counter: string | null; counter_name: string | null;
    area: Names | string | null; called_at: string | null; last_call_at: string | null; call_no: number; issued_at: string; claim_at: string;
    promise_s: number | null; estimate: Estimate | null; language: string;
    deliveries: number; overtaken_by: Overtaken[]; round_used: Overtaken[];
    counter_change: { kind: "paused" | "closed" | "changed"; counter_name: string } | null;
    /** how the turn came to its place: issue, or one of the moves */
    joined_by: string;
    /** the set-up changed since the ticket took its place */
    rules_changed?: boolean;
    to_counter: string | null; planned: Names[]; missed_at: string | null; expires_at: string | null;
    returns_left: number; postpones_left: number; due_at: string | null;
  }
  /** what the phone's own door answers: where the ticket stands now */
  interface Stand {
    state: TurnState; ahead: number; seq: number; number: string; sentence: Names;
    /** of a ticket that is closed */
    outcome?: string;
  }

  // --- answers over HTTP ---------------------------------------------------------------------------------------------
  interface Ticket {
    id: string; number: string; serial: number | string; service: string; class: string; language: string;
    state: TurnState; ahead: number; estimate: Estimate | null; promise_s: number | null; follow_url: string | null;
    paper: { id: string; state: PaperState; printer: string; copy: number } | null;
    issued_at: string; called_at: string | null; counter: string | null; seq: number;
  }
  interface CounterAnswer { counter: string; ticket: Ticket | null; why: Why | null; seq: number }
  interface SignedIn { token: string; role: string; login: string; name: string; hall: string; expires_at: string }
  interface Me {
    role: string; login: string | null; name: string | null; hall: string; device: string | null; permissions: string[];
  }

  // --- greeter -----------------------------------------------------------------------------------------------------
  type GreeterHall = HallRecord & { missed_sentence?: Names };
  /** `since`: when this wait began, what figures count from; `claim_at` is what the line counts from */
  type GreeterWaiting = WaitingRecord;
  interface GreeterReason { id: string; name: Names }
  interface GreeterToday {
    issued: number; served: number; missed: number; reinstated: number; came_in: number; diverted: Record<string, number>;
    /** instants of changed classes within the hour, and how many there may be; null: no limit */
    priority: { per_hour: number | null; used: string[]; free_at: string | null };
  }
  interface GreeterService {
    id: string; name: Names; letter: string; order: number; waiting: number; counters_open: number; documents: Names[];
    /** the classes for which no number is left */
    full: string[]; hours: Week | null;
  }
  interface GreeterCounter {
    id: string; name: string; state: "closed" | "open" | "paused"; staff: string | null; staff_name: string | null; busy: boolean;
  }
  interface GreeterCalled {
    ticket: string; number: string; service: string; class: string; language: string; counter: string; counter_name: string;
    area: string; called_at: string; last_call_at: string; call_no: number; deliveries: number; hunt: boolean;
  }
  interface GreeterMissed extends MissedRecord { expires_at: string | null; misses: number }
  interface GreeterParked {
    ticket: string; number: string; service: string; class: string; counter: string; counter_name: string;
    reason: string | null; parked_at: string; due_at: string | null;
  }
  interface GreeterHelp {
    help: string; counter: string; counter_name: string; kind: string; number: string | null; at: string;
    taken_by: string | null; taken_at: string | null;
  }
  interface GreeterPrinter { id: string; area: string; works: boolean }
  /** what became of a ticket's newest paper, at the instant `at` */
  interface GreeterPaper { ticket: string; printer: string; copy: number; state: PaperState; reason: string | null; at: string }
  /** a ticket as the list and its own page have it */
  interface FoundTicket {
    id: string; number: string; service: string; class: string; language: string; state: TurnState; outcome: string | null;
    issued_at: string; counter: string | null; follow_url: string | null;
    /** in lists */
    business_date?: string;
  }
}
