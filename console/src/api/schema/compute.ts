// Made by `make openapi` from openapi/compute.json.
export interface paths {
    "/api/v1/compute/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Jobs
         * @description Jobs, newest first: the caller's own, or everybody's for an administrator.
         */
        get: operations["list_jobs"];
        put?: never;
        /**
         * Submit Job
         * @description Queue a job.
         */
        post: operations["submit_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compute/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job
         * @description One job.
         */
        get: operations["get_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compute/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Job
         * @description Stop a job: at once when it is queued, within seconds when it runs.
         */
        post: operations["cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compute/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Job Events
         * @description What happens to the job, as server-sent events, until it has ended; 204 when it had ended and nothing is left.
         */
        get: operations["follow_job_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compute/jobs/{job_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Job Logs
         * @description The log lines so far; with ``Accept: text/event-stream``, those and all that follow until the job has ended.
         */
        get: operations["read_job_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compute/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry Job
         * @description Queue an ended job again under its id, with all its retries.
         */
        post: operations["retry_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Whether the process is alive; touches no dependency.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics
         * @description Prometheus metrics.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description Whether this instance can do its work; 503 when a required check fails.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * CheckResult
         * @description How one check went.
         */
        CheckResult: {
            /** Detail */
            detail: string;
            /** Latency Ms */
            latency_ms: number;
            /** Ok */
            ok: boolean;
            /** Required */
            required: boolean;
        };
        /**
         * FieldError
         * @description One thing wrong with the input: ``where`` (a path such as ``body.rows[3].age``), ``what``, and what was ``got``.
         *
         *     ``place``: where in a text such as a query, for an editor to mark.
         */
        FieldError: {
            /**
             * Got
             * @default null
             */
            got?: string | null;
            /** @default null */
            place?: components["schemas"]["TextPlace"] | null;
            /** What */
            what: string;
            /** Where */
            where: string;
        };
        /**
         * Health
         * @description The process is alive; no dependency was touched.
         */
        Health: {
            /** Status */
            status: string;
        };
        /**
         * Job
         * @description A job as it stands. ``progress`` runs from 0 to 1; ``attempt`` counts from 1 once it has begun.
         */
        Job: {
            /** Attempt */
            attempt: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deadline */
            deadline: string | null;
            /** Depends On */
            depends_on: string[];
            error: components["schemas"]["JobError"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Owner */
            owner: string;
            /** Priority */
            priority: number;
            /** Progress */
            progress: number;
            /** Progress Message */
            progress_message: string | null;
            /** Queue */
            queue: string;
            /** Result */
            result: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Retries */
            retries: number;
            /** Run At */
            run_at: string | null;
            /** Spec */
            spec: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["JobState"];
            /** Tags */
            tags: string[];
            /** Timeout S */
            timeout_s: number;
        };
        /**
         * JobError
         * @description Why a job's last attempt failed.
         */
        JobError: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
        };
        /**
         * JobEvent
         * @description One thing that happened to a job; ``sequence`` grows within the job and resumes a stream (Last-Event-ID).
         */
        JobEvent: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Attempt */
            attempt: number;
            kind: components["schemas"]["JobEventKind"];
            /** Message */
            message?: string | null;
            /** Progress */
            progress?: number | null;
            /** Sequence */
            sequence: number;
            state?: components["schemas"]["JobState"] | null;
        };
        /**
         * JobEventKind
         * @description What a job event tells of.
         * @enum {string}
         */
        JobEventKind: "state" | "progress" | "log";
        /**
         * JobState
         * @description Where a job stands. ``dead``: failed on every attempt that it was given.
         * @enum {string}
         */
        JobState: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "dead";
        /**
         * JobSubmission
         * @description A job to run: what (``kind`` and its ``spec``), after which others, when and how often to try.
         *
         *     Times in seconds. ``priority``: greater runs earlier. ``retries``: attempts after the first. ``deadline``: a job
         *     not begun by then fails.
         */
        JobSubmission: {
            /** Deadline */
            deadline?: string | null;
            /**
             * Depends On
             * @default []
             */
            depends_on?: string[];
            /** Kind */
            kind: string;
            /**
             * Priority
             * @default 0
             */
            priority?: number;
            /** Queue */
            queue?: string | null;
            /**
             * Retries
             * @default 2
             */
            retries?: number;
            /** Run At */
            run_at?: string | null;
            /** Spec */
            spec?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Tags
             * @default []
             */
            tags?: string[];
            /**
             * Timeout S
             * @default 3600
             */
            timeout_s?: number;
        };
        JsonValue: unknown;
        /** Page[Job] */
        Page_Job_: {
            /** Items */
            items: components["schemas"]["Job"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[JobEvent] */
        Page_JobEvent_: {
            /** Items */
            items: components["schemas"]["JobEvent"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Problem
         * @description An error as it travels (RFC 9457). ``trace_id``: the trace that tells what was done, if there is one.
         */
        Problem: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /**
             * Errors
             * @default []
             */
            errors?: components["schemas"]["FieldError"][];
            /**
             * Request Id
             * @default null
             */
            request_id?: string | null;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /**
             * Trace Id
             * @default null
             */
            trace_id?: string | null;
            /** Type */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * ReadinessReport
         * @description ``ready`` unless a required check failed; ``status`` is ``degraded`` when another did.
         */
        ReadinessReport: {
            /** Checks */
            checks: {
                [key: string]: components["schemas"]["CheckResult"];
            };
            /** Ready */
            ready: boolean;
            /** Status */
            status: string;
        };
        /**
         * TextPlace
         * @description A place in a text: ``line`` and ``column`` from 1, ``offset`` from 0; these and ``length`` count code points.
         */
        TextPlace: {
            /** Column */
            column: number;
            /** Length */
            length: number;
            /** Line */
            line: number;
            /** Offset */
            offset: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_jobs: {
        parameters: {
            query?: {
                cursor?: string | null;
                kind?: string | null;
                limit?: number;
                state?: components["schemas"]["JobState"] | null;
                tag?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Job_"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same job */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobSubmission"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_job_events: {
        parameters: {
            query?: {
                /** @description Only what came after this sequence */
                after?: number;
            };
            header?: {
                /** @description Go on after this event of an earlier stream */
                "last-event-id"?: string | null;
            };
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        event?: string;
                        id?: string;
                    };
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_job_logs: {
        parameters: {
            query?: {
                /** @description Only what came after this sequence */
                after?: number;
            };
            header?: {
                /** @description Go on after this event of an earlier stream */
                "last-event-id"?: string | null;
            };
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_JobEvent_"];
                    "text/event-stream": {
                        data?: string;
                        event?: string;
                        id?: string;
                    };
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessReport"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessReport"];
                };
            };
            /** @description Problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
