// Made by `make openapi` from openapi/ai.json.
export interface paths {
    "/api/v1/ai/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description Models by name.
         */
        get: operations["list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description One model.
         */
        get: operations["get_model"];
        put?: never;
        post?: never;
        /**
         * Delete Model
         * @description Take a model with its versions away.
         */
        delete: operations["delete_model"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Aliases
         * @description A model's aliases.
         */
        get: operations["list_aliases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}/aliases/{alias}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Alias
         * @description Point an alias at a version.
         */
        put: operations["set_alias"];
        post?: never;
        /**
         * Delete Alias
         * @description Take an alias away.
         */
        delete: operations["delete_alias"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict
         * @description Predict for the rows: by version or alias, else by ``champion``, else by the latest version.
         */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train
         * @description Train as a job; its result names the version.
         */
        post: operations["train"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Model Versions
         * @description A model's versions, newest first.
         */
        get: operations["list_model_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model Version
         * @description One version with its card.
         */
        get: operations["get_model_version"];
        put?: never;
        post?: never;
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
         * Alias
         * @description A name that points at a version, such as ``champion``.
         */
        Alias: {
            /** Alias */
            alias: string;
            /** Version */
            version: number;
        };
        /**
         * AliasTarget
         * @description The version that an alias shall point at.
         */
        AliasTarget: {
            /** Version */
            version: number;
        };
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
         * Feature
         * @description An input of a model. ``categories``: the most frequent ones, for forms.
         */
        Feature: {
            /**
             * Categories
             * @default []
             */
            categories?: string[];
            example?: components["schemas"]["JsonValue"];
            kind: components["schemas"]["FeatureKind"];
            /** Name */
            name: string;
            /** Required */
            required: boolean;
        };
        /**
         * FeatureKind
         * @description How a feature enters the model.
         * @enum {string}
         */
        FeatureKind: "numeric" | "categorical" | "boolean" | "time";
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
         * JobState
         * @description Where a job stands. ``dead``: failed on every attempt that it was given.
         * @enum {string}
         */
        JobState: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "dead";
        JsonValue: unknown;
        /**
         * Model
         * @description A model: a name with versions and aliases.
         */
        Model: {
            /** Aliases */
            aliases: {
                [key: string]: number;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Latest Version */
            latest_version: number;
            /** Name */
            name: string;
            /** Target */
            target: string;
            task: components["schemas"]["Task"];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * ModelVersion
         * @description One trained version of a model.
         *
         *     ``metrics`` are measured on held-out rows, beside those of always answering the commonest class or the mean
         *     (``baseline``). ``engine`` is what serves it: ``onnx``, or ``sklearn`` where the conversion wasn't exact.
         *     ``plots`` are not there of a version that was trained before they were made.
         */
        ModelVersion: {
            /** Algorithm */
            algorithm: string;
            /** Aliases */
            aliases: string[];
            /** Baseline */
            baseline: {
                [key: string]: number;
            };
            /** Card */
            card: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Classes */
            classes: components["schemas"]["JsonValue"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Engine */
            engine: string;
            /** Features */
            features: components["schemas"]["Feature"][];
            /** Job Id */
            job_id: string | null;
            /** Metrics */
            metrics: {
                [key: string]: number;
            };
            /** Model */
            model: string;
            plots?: components["schemas"]["Plots"] | null;
            /** Target */
            target: string;
            task: components["schemas"]["Task"];
            /** Version */
            version: number;
        };
        /** Page[Alias] */
        Page_Alias_: {
            /** Items */
            items: components["schemas"]["Alias"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[Model] */
        Page_Model_: {
            /** Items */
            items: components["schemas"]["Model"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[ModelVersion] */
        Page_ModelVersion_: {
            /** Items */
            items: components["schemas"]["ModelVersion"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Plots
         * @description What is drawn of a version, over its held-out rows: none of it where there is nothing to draw.
         */
        Plots: {
            residuals?: components["schemas"]["Residuals"] | null;
            roc?: components["schemas"]["RocCurve"] | null;
        };
        /**
         * Prediction
         * @description Answers in the order of the rows; for a classification ``probabilities`` by row, in the order of ``classes``.
         */
        Prediction: {
            /** Batch Wait Ms */
            batch_wait_ms: number;
            /** Cached */
            cached: boolean;
            /** Classes */
            classes?: components["schemas"]["JsonValue"][] | null;
            /** Model */
            model: string;
            /** Model Version */
            model_version: number;
            /** Predictions */
            predictions: unknown[];
            /** Probabilities */
            probabilities?: number[][] | null;
        };
        /**
         * PredictRequest
         * @description Rows to predict for, each an object of features. Without ``version`` and ``alias``: ``champion``, else the latest.
         */
        PredictRequest: {
            /** Alias */
            alias?: string | null;
            /** Rows */
            rows: {
                [key: string]: components["schemas"]["JsonValue"];
            }[];
            /** Version */
            version?: number | null;
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
         * Residuals
         * @description What was predicted beside what came, row by row, in the target's unit; of ``rows`` these are some.
         */
        Residuals: {
            /** Actual */
            actual: number[];
            /** Predicted */
            predicted: number[];
            /** Rows */
            rows: number;
        };
        /**
         * RocCurve
         * @description Of two classes: how often the second one was said rightly and wrongly, as it is said at ever lower chances.
         *
         *     Both rates are between 0 and 1 and grow from (0, 0) to (1, 1); ``auc`` is the area under the curve before it was
         *     thinned to these points.
         */
        RocCurve: {
            /** Auc */
            auc: number;
            /** False Positive Rate */
            false_positive_rate: number[];
            /** True Positive Rate */
            true_positive_rate: number[];
        };
        /**
         * Task
         * @description What a model does.
         * @enum {string}
         */
        Task: "classification" | "regression";
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
        /**
         * TrainRequest
         * @description Train on a dataset or on a query's answer.
         *
         *     ``target`` is the column to predict; ``task`` is inferred from it when left out. ``features`` narrows the inputs,
         *     ``exclude`` takes some away. ``holdout`` names a boolean column that marks the rows to evaluate on (it is no
         *     feature); without it a random fifth is held out. Everything is seeded.
         */
        TrainRequest: {
            /** Alias */
            alias?: string | null;
            /** Dataset */
            dataset?: string | null;
            /**
             * Exclude
             * @default []
             */
            exclude?: string[];
            /**
             * Features
             * @default []
             */
            features?: string[];
            /** Holdout */
            holdout?: string | null;
            /**
             * Max Rows
             * @default 500000
             */
            max_rows?: number;
            /**
             * Seed
             * @default 0
             */
            seed?: number;
            /** Sql */
            sql?: string | null;
            /** Target */
            target: string;
            task?: components["schemas"]["Task"] | null;
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
    list_models: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
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
                    "application/json": components["schemas"]["Page_Model_"];
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
    get_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
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
                    "application/json": components["schemas"]["Model"];
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
    delete_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
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
    list_aliases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
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
                    "application/json": components["schemas"]["Page_Alias_"];
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
    set_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                alias: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AliasTarget"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alias"];
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
    delete_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                alias: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
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
    predict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prediction"];
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
    train: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrainRequest"];
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
    list_model_versions: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
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
                    "application/json": components["schemas"]["Page_ModelVersion_"];
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
    get_model_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: number;
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
                    "application/json": components["schemas"]["ModelVersion"];
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
