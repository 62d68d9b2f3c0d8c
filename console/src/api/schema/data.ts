// Made by `make openapi` from openapi/data.json.
export interface paths {
    "/api/v1/data/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Datasets
         * @description The datasets that the caller may see, by name; or the deleted ones, the one deleted last first.
         */
        get: operations["list_datasets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dataset
         * @description One dataset at its newest version.
         */
        get: operations["get_dataset"];
        /**
         * Upload Dataset
         * @description Upload a file as a new version: raw or as a multipart form, plain or compressed with gzip or zstd.
         *
         *     With ``dry_run`` nothing is stored, and the answer says what the upload would make; ``partial`` then says that
         *     the body is the beginning of a larger file.
         */
        put: operations["upload_dataset"];
        post?: never;
        /**
         * Delete Dataset
         * @description Take the dataset away; its name is free at once, and for a while it can be brought back.
         */
        delete: operations["delete_dataset"];
        options?: never;
        head?: never;
        /**
         * Change Dataset
         * @description Change the description.
         */
        patch: operations["change_dataset"];
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Diff
         * @description How two versions differ: the one before the newest and the newest, unless others are named.
         */
        get: operations["get_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Profile
         * @description What is in each column of a version, the newest unless one is named.
         */
        get: operations["get_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Dataset
         * @description Make the content of a past version the newest one; ``version`` is in the body or in the query.
         */
        post: operations["restore_dataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Rows
         * @description A page of rows; other parameters are filters such as ``age=gte.21`` or ``or=(a.eq.1,b.is.null)``.
         *
         *     When more rows follow, ``Link`` names the next page.
         */
        get: operations["get_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/rows.{suffix}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Rows As
         * @description The same, in the format that the path's suffix names.
         */
        get: operations["get_rows_as"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/undelete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undelete Dataset
         * @description Bring a deleted dataset back with all its versions.
         */
        post: operations["undelete_dataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/datasets/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Versions
         * @description The dataset's versions, newest first.
         */
        get: operations["list_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Queries
         * @description The queries that one wrote, the latest first; for an admin everybody's too.
         */
        get: operations["list_queries"];
        put?: never;
        /**
         * Run Query
         * @description Run one SELECT over the datasets that the caller may see; ``"flights@3"`` is version 3 of ``flights``.
         */
        post: operations["run_query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data/query/{query_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Query Status
         * @description Where a query of one's own stands, with its text; for an admin anybody's.
         */
        get: operations["query_status"];
        put?: never;
        post?: never;
        /**
         * Cancel Query
         * @description Stop a running query of one's own.
         */
        delete: operations["cancel_query"];
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
         * ChangedRow
         * @description A row of the same key with other values; ``columns`` are those that differ, ``before`` and ``after`` whole rows.
         */
        ChangedRow: {
            /** After */
            after: unknown[];
            /** Before */
            before: unknown[];
            /** Columns */
            columns: string[];
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
         * Column
         * @description A column: its name and its SQL type.
         */
        Column: {
            /** Name */
            name: string;
            /** Type */
            type: string;
        };
        /**
         * ColumnChanges
         * @description In how many rows of the same key a column's value differs.
         */
        ColumnChanges: {
            /** Name */
            name: string;
            /** Rows */
            rows: number;
        };
        /**
         * ColumnProfile
         * @description What is in a column.
         *
         *     ``count``: values that aren't null. ``distinct``: how many different ones, roughly when ``approximate``; none for
         *     nested columns. ``min`` and ``max`` of numbers, times and texts; ``mean``, ``quantiles`` and ``histogram`` of
         *     numbers and times, without infinities and what is no number; ``top`` of texts and booleans; ``lengths`` of texts.
         */
        ColumnProfile: {
            /** Approximate */
            approximate: boolean;
            /** Count */
            count: number;
            /** Distinct */
            distinct: number | null;
            histogram: components["schemas"]["Histogram"] | null;
            lengths: components["schemas"]["TextLengths"] | null;
            /** Max */
            max: unknown;
            /** Mean */
            mean: unknown;
            /** Min */
            min: unknown;
            /** Name */
            name: string;
            /** Nulls */
            nulls: number;
            /** Quantiles */
            quantiles: components["schemas"]["Quantile"][];
            /** Top */
            top: components["schemas"]["ValueCount"][];
            /** Type */
            type: string;
        };
        /**
         * DataFormat
         * @description Formats in and out.
         * @enum {string}
         */
        DataFormat: "csv" | "tsv" | "json" | "ndjson" | "parquet" | "arrow";
        /**
         * Dataset
         * @description A dataset at its latest version. ``bytes`` counts the files of that version.
         */
        Dataset: {
            /** Bytes */
            bytes: number;
            /** Columns */
            columns: components["schemas"]["Column"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Description */
            description: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Rows */
            rows: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * DatasetChange
         * @description What may be changed of a dataset beside its rows.
         */
        DatasetChange: {
            /** Description */
            description: string;
        };
        /**
         * DatasetDiff
         * @description How two versions differ.
         *
         *     Rows are compared and shown in the ``columns`` that both versions have. Without a key, a changed row is one removed
         *     and one added. Values as in a query's answer.
         */
        DatasetDiff: {
            /** Added */
            added: number;
            /** Added Rows */
            added_rows: unknown[][];
            change: components["schemas"]["SchemaChange"];
            /** Changed */
            changed: number;
            /** Changed Columns */
            changed_columns: components["schemas"]["ColumnChanges"][];
            /** Changed Rows */
            changed_rows: components["schemas"]["ChangedRow"][];
            /** Columns */
            columns: components["schemas"]["Column"][];
            /** From Version */
            from_version: number;
            /** Key */
            key: string[];
            /** Name */
            name: string;
            /** Removed */
            removed: number;
            /** Removed Rows */
            removed_rows: unknown[][];
            /** Rows After */
            rows_after: number;
            /** Rows Before */
            rows_before: number;
            /** To Version */
            to_version: number;
        };
        /**
         * DatasetProfile
         * @description What is in the columns of a dataset's version.
         */
        DatasetProfile: {
            /** Columns */
            columns: components["schemas"]["ColumnProfile"][];
            /** Name */
            name: string;
            /** Rows */
            rows: number;
            /** Version */
            version: number;
        };
        /**
         * DatasetRead
         * @description A dataset that a query read: at which version, and which of the query's ``where`` narrowed it, by their columns.
         */
        DatasetRead: {
            /** Name */
            name: string;
            /** Narrowed By */
            narrowed_by: string[];
            /** Version */
            version: number;
        };
        /**
         * DatasetVersion
         * @description One version of a dataset: what made it, who, when, and how it differs from the one before.
         *
         *     ``operation``: an upload's mode, ``restore``, or what another writer said; ``mode``: the former alone. A row that an
         *     upsert changed counts as removed and as added. ``change``: none for the first version.
         */
        DatasetVersion: {
            /** Bytes */
            bytes: number;
            change: components["schemas"]["SchemaChange"] | null;
            /** Columns */
            columns: components["schemas"]["Column"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            mode: components["schemas"]["UploadMode"] | null;
            /** Operation */
            operation: string;
            /** Rows */
            rows: number;
            /** Rows Added */
            rows_added: number | null;
            /** Rows Removed */
            rows_removed: number | null;
            /** Version */
            version: number;
        };
        /**
         * DeletedDataset
         * @description A dataset that was deleted; until ``kept_until`` it can be brought back. ``deleted_by``: unknown for old ones.
         */
        DeletedDataset: {
            /** Bytes */
            bytes: number;
            /** Columns */
            columns: components["schemas"]["Column"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Deleted At
             * Format: date-time
             */
            deleted_at: string;
            /** Deleted By */
            deleted_by: string | null;
            /** Description */
            description: string;
            /** Id */
            id: string;
            /**
             * Kept Until
             * Format: date-time
             */
            kept_until: string;
            /** Name */
            name: string;
            /** Rows */
            rows: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
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
         * Histogram
         * @description How many values lie between each two edges; a value on an edge belongs to the bin above it, the greatest to the last.
         *
         *     There is one edge more than there are counts.
         */
        Histogram: {
            /** Counts */
            counts: number[];
            /** Edges */
            edges: unknown[];
        };
        JsonValue: unknown;
        /**
         * NearlyType
         * @description The narrower type that at least half of a column's values have, and the first value (by row) that hasn't it.
         */
        NearlyType: {
            /** Got */
            got: string;
            /** Misfits */
            misfits: number;
            /** Row */
            row: number;
            /** Type */
            type: string;
        };
        /** Page[Dataset] */
        Page_Dataset_: {
            /** Items */
            items: components["schemas"]["Dataset"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[DatasetVersion] */
        Page_DatasetVersion_: {
            /** Items */
            items: components["schemas"]["DatasetVersion"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[DeletedDataset] */
        Page_DeletedDataset_: {
            /** Items */
            items: components["schemas"]["DeletedDataset"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[QueryStatus] */
        Page_QueryStatus_: {
            /** Items */
            items: components["schemas"]["QueryStatus"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * PreviewColumn
         * @description A column as it would be. ``source``: its name in the upload; ``nulls``: missing values among the rows read.
         */
        PreviewColumn: {
            /** Name */
            name: string;
            nearly: components["schemas"]["NearlyType"] | null;
            /** Nulls */
            nulls: number;
            reason: components["schemas"]["TypeReason"];
            /** Source */
            source: string;
            /** Type */
            type: string;
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
         * Quantile
         * @description The value below which the share ``at`` of the values lies.
         */
        Quantile: {
            /** At */
            at: number;
            /** Value */
            value: unknown;
        };
        /**
         * QueryRequest
         * @description A SQL query. ``params`` fill ``?`` (a list) or ``$name`` (an object). Past ``max_rows`` the answer is cut and says so.
         *
         *     ``where``: of each dataset that has the column only the rows that fit are read, pairs as in ``RowsRequest.filters``
         *     but for ``or`` and ``and``.
         */
        QueryRequest: {
            /** @default json */
            format?: components["schemas"]["DataFormat"];
            /**
             * Max Rows
             * @default 10000
             */
            max_rows?: number;
            /** Params */
            params?: components["schemas"]["JsonValue"][] | {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Query Id */
            query_id?: string | null;
            /** Sql */
            sql: string;
            /**
             * Timeout S
             * @default 30
             */
            timeout_s?: number;
            /**
             * Where
             * @default []
             */
            where?: [
                string,
                string
            ][];
        };
        /**
         * QueryResult
         * @description A query's whole answer as JSON values; ``truncated`` when ``max_rows`` cut it, ``datasets`` are those it read.
         */
        QueryResult: {
            /** Cached */
            cached: boolean;
            /** Columns */
            columns: components["schemas"]["Column"][];
            /** Datasets */
            datasets: components["schemas"]["DatasetRead"][];
            /** Elapsed Ms */
            elapsed_ms: number;
            /** Query Id */
            query_id: string;
            /** Row Count */
            row_count: number;
            /** Rows */
            rows: unknown[][];
            /** Truncated */
            truncated: boolean;
        };
        /**
         * QueryState
         * @description Where a query stands.
         * @enum {string}
         */
        QueryState: "running" | "succeeded" | "failed" | "cancelled";
        /**
         * QueryStatus
         * @description A query by its id: whose it is, its text (``sql_cut`` when only the beginning of a very long one), how it went.
         *
         *     ``elapsed_ms``: how long it took, none while it runs. Values of parameters aren't kept. A query whose process died
         *     has ``failed``.
         */
        QueryStatus: {
            /** By */
            by: string;
            /** Cached */
            cached: boolean;
            /** Elapsed Ms */
            elapsed_ms: number | null;
            /** Error */
            error: string | null;
            /** Finished At */
            finished_at: string | null;
            /** Query Id */
            query_id: string;
            /** Row Count */
            row_count: number | null;
            /** Sql */
            sql: string;
            /** Sql Cut */
            sql_cut: boolean;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            state: components["schemas"]["QueryState"];
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
         * RestoreTarget
         * @description The version whose content shall be the newest.
         */
        RestoreTarget: {
            /** Version */
            version: number;
        };
        /**
         * RetypedColumn
         * @description A column with another type; ``widened`` when the new one holds every value of the old one.
         */
        RetypedColumn: {
            /** After */
            after: string;
            /** Before */
            before: string;
            /** Name */
            name: string;
            /** Widened */
            widened: boolean;
        };
        /**
         * SchemaChange
         * @description How columns differ from those before.
         */
        SchemaChange: {
            /** Added */
            added: components["schemas"]["Column"][];
            /** Removed */
            removed: components["schemas"]["Column"][];
            /** Retyped */
            retyped: components["schemas"]["RetypedColumn"][];
        };
        /**
         * TextLengths
         * @description Characters of texts.
         */
        TextLengths: {
            /** Longest */
            longest: number;
            /** Mean */
            mean: number;
            /** Shortest */
            shortest: number;
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
        /**
         * TypeReason
         * @description Why a column has its type: the file says so, its values do, the upload's ``columns`` or the dataset it goes to.
         * @enum {string}
         */
        TypeReason: "file" | "values" | "chosen" | "dataset";
        /**
         * UploadMode
         * @description What an upload does to the dataset of its name; all but ``create`` create one that isn't there.
         * @enum {string}
         */
        UploadMode: "create" | "append" | "replace" | "upsert";
        /**
         * UploadPreview
         * @description What an upload would make.
         *
         *     ``rows``: the first ones, values as in a query's answer; a value that doesn't fit its column is null there and is
         *     among the ``problems``, each of which would have the upload refused. ``rows_read``: how many were looked at;
         *     ``partial`` when there are or may be more. ``exists``: the dataset's version, if there is one; ``change``: what the
         *     mode would do to its columns; ``missing``: its columns that the upload lacks and that would be null.
         */
        UploadPreview: {
            change: components["schemas"]["SchemaChange"] | null;
            /** Columns */
            columns: components["schemas"]["PreviewColumn"][];
            /** Exists */
            exists: number | null;
            /** Format */
            format: string;
            /** Missing */
            missing: string[];
            /** Mode */
            mode: string;
            /** Name */
            name: string;
            /** Partial */
            partial: boolean;
            /** Problems */
            problems: components["schemas"]["FieldError"][];
            /** Rows */
            rows: unknown[][];
            /** Rows Read */
            rows_read: number;
        };
        /**
         * ValueCount
         * @description A value, cut after 200 characters, and how often it is there.
         */
        ValueCount: {
            /** Count */
            count: number;
            /** Value */
            value: unknown;
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
    list_datasets: {
        parameters: {
            query?: {
                cursor?: string | null;
                deleted?: boolean;
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
                    "application/json": components["schemas"]["Page_Dataset_"] | components["schemas"]["Page_DeletedDataset_"];
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
    get_dataset: {
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
                    "application/json": components["schemas"]["Dataset"];
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
    upload_dataset: {
        parameters: {
            query?: {
                /** @description The columns to keep, in this order, as a JSON list of objects: source (the name in the file), name and type (those in the dataset, unless they are as in the file). A form may have it as a field before the file. */
                columns?: string | null;
                description?: string | null;
                dry_run?: boolean;
                format?: components["schemas"]["DataFormat"] | null;
                key?: string;
                mode?: components["schemas"]["UploadMode"];
                partial?: boolean;
                publication?: string | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
                "application/octet-stream": string;
                "application/vnd.apache.arrow.stream": string;
                "application/vnd.apache.parquet": string;
                "application/x-ndjson": string;
                "multipart/form-data": {
                    columns?: string;
                    /** Format: binary */
                    file?: string;
                };
                "text/csv": string;
                "text/tab-separated-values": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"] | components["schemas"]["UploadPreview"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
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
    delete_dataset: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
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
    change_dataset: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatasetChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
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
    get_diff: {
        parameters: {
            query?: {
                from?: number | null;
                key?: string;
                limit?: number;
                to?: number | null;
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
                    "application/json": components["schemas"]["DatasetDiff"];
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
    get_profile: {
        parameters: {
            query?: {
                version?: number | null;
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
                    "application/json": components["schemas"]["DatasetProfile"];
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
    restore_dataset: {
        parameters: {
            query?: {
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RestoreTarget"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
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
    get_rows: {
        parameters: {
            query?: {
                at?: string | null;
                cursor?: string | null;
                format?: components["schemas"]["DataFormat"] | null;
                limit?: number;
                offset?: number;
                order?: string | null;
                select?: string | null;
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of objects, or as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/vnd.apache.arrow.stream": unknown;
                    "application/vnd.apache.parquet": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                    "text/tab-separated-values": unknown;
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
    get_rows_as: {
        parameters: {
            query?: {
                at?: string | null;
                cursor?: string | null;
                limit?: number;
                offset?: number;
                order?: string | null;
                select?: string | null;
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
                suffix: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An array of objects, or as asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/vnd.apache.arrow.stream": unknown;
                    "application/vnd.apache.parquet": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                    "text/tab-separated-values": unknown;
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
    undelete_dataset: {
        parameters: {
            query?: {
                as?: string | null;
                id?: string | null;
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
                    "application/json": components["schemas"]["Dataset"];
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
    list_versions: {
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
                    "application/json": components["schemas"]["Page_DatasetVersion_"];
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
    list_queries: {
        parameters: {
            query?: {
                cursor?: string | null;
                everybody?: boolean;
                limit?: number;
                search?: string | null;
                state?: components["schemas"]["QueryState"] | null;
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
                    "application/json": components["schemas"]["Page_QueryStatus_"];
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
    run_query: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryResult"];
                    "application/vnd.apache.arrow.stream": unknown;
                    "application/vnd.apache.parquet": unknown;
                    "application/x-ndjson": unknown;
                    "text/csv": unknown;
                    "text/tab-separated-values": unknown;
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
    query_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                query_id: string;
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
                    "application/json": components["schemas"]["QueryStatus"];
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
    cancel_query: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                query_id: string;
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
