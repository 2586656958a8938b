/** Written by `npm run api` from the service's OpenAPI document; do not edit. */

export interface paths {
    "/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every place and what it has */
        get: operations["getPlaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find by name or by the beginning of a code */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/locate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known of a point */
        get: operations["locate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/styles/{name}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A complete MapLibre style on the tiles: `gridmap` in Chinese, `gridmap-en` in English
         * @description Answer one style; addresses in it are absolute, so it works from anywhere.
         */
        get: operations["style"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/territories/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streets, towns, communities and villages with their 12-digit codes */
        get: operations["getTerritoriesItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The areas of every published plan, every network and level */
        get: operations["getGridsItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was reported, where and when */
        get: operations["getIncidentsItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/land-use/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Parks, estates, schools, fields and woods: the ground of the map */
        get: operations["getLandUseItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/territories/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getTerritoriesItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/grids/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getGridsItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/buildings/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getBuildingsItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/resource-points/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getResourcePointsItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/incidents/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getIncidentsItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/streets/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getStreetsItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/water/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getWaterItem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/land-use/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One feature */
        get: operations["getLandUseItem"];
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
        BuildingsFeature: {
            geometry: components["schemas"]["MultiPolygon"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 地址 address */
                address: string | null;
                /** 编码 code */
                code: string | null;
                /** 民情档案 dossiers */
                dossiers: number;
                /** 层数 floors */
                floors: number | null;
                /** 高度（米） height in metres */
                height_m: number | null;
                /** 户数 households */
                households: number;
                /** 名称 name */
                name: string | null;
                /** 英文名 name in English */
                name_en: string | null;
                /** 地方 place */
                place: string | null;
                /** 人口 residents */
                residents: number;
                /** 单元数 units */
                units: number;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
                /** 用途 usage */
                usage: string;
            };
            /** @enum {string} */
            type: "Feature";
        };
        Fault: {
            field?: string;
            place?: [
                number,
                number
            ];
            reason: string;
            row?: number;
        };
        GridsFeature: {
            geometry: components["schemas"]["MultiPolygon"] | null;
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 面积（平方米） area in square metres */
                area_m2: number;
                /** 楼栋数 buildings */
                buildings: number;
                /** 编码 code */
                code: string;
                /** 民情档案 dossiers */
                dossiers: number;
                /** 户数 households */
                households: number;
                /** 类型 kind */
                kind: string;
                /** 层级 level */
                level: number;
                /** 名称 name */
                name: string;
                /** 英文名 name in English */
                name_en: string | null;
                /** 网 network */
                network: string;
                /** 上级编码 code of the parent */
                parent: string | null;
                /** 地方 place */
                place: string;
                /** 方案 plan */
                plan: number;
                /** 人口 residents */
                residents: number;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
            };
            /** @enum {string} */
            type: "Feature";
        };
        GridsPage: {
            features: components["schemas"]["GridsFeature"][];
            links: components["schemas"]["Link"][];
            numberMatched: number;
            numberReturned: number;
            /** Format: date-time */
            timeStamp: string;
            /** @enum {string} */
            type: "FeatureCollection";
        };
        IncidentsFeature: {
            geometry: components["schemas"]["Point"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 类别 category */
                category: string;
                /** 来源 channel */
                channel: string;
                /**
                 * 办结时间 closed
                 * Format: date-time
                 */
                closed_at: string | null;
                /** 编码 code */
                code: string | null;
                /**
                 * 期限 due
                 * Format: date-time
                 */
                due_at: string | null;
                /** 地方 place */
                place: string | null;
                /**
                 * 上报时间 reported
                 * Format: date-time
                 */
                reported_at: string;
                /** 严重程度 severity */
                severity: number;
                /** 状态 state */
                state: string;
                /** 标题 title */
                title: string | null;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
            };
            /** @enum {string} */
            type: "Feature";
        };
        IncidentsPage: {
            features: components["schemas"]["IncidentsFeature"][];
            links: components["schemas"]["Link"][];
            numberMatched: number;
            numberReturned: number;
            /** Format: date-time */
            timeStamp: string;
            /** @enum {string} */
            type: "FeatureCollection";
        };
        LandUseFeature: {
            geometry: components["schemas"]["MultiPolygon"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 类型 kind */
                kind: string;
                /** 名称 name */
                name: string | null;
                /** 英文名 name in English */
                name_en: string | null;
                /** 地方 place */
                place: string | null;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
            };
            /** @enum {string} */
            type: "Feature";
        };
        LandUsePage: {
            features: components["schemas"]["LandUseFeature"][];
            links: components["schemas"]["Link"][];
            numberMatched: number;
            numberReturned: number;
            /** Format: date-time */
            timeStamp: string;
            /** @enum {string} */
            type: "FeatureCollection";
        };
        Level: {
            count: number;
            level: number;
            name: string | null;
            name_en: string | null;
        };
        LineString: {
            coordinates: [
                number,
                number
            ][];
            /** @enum {string} */
            type: "LineString";
        };
        Link: {
            href: string;
            rel: string;
            title: string;
            type: string;
        };
        Located: {
            building: components["schemas"]["LocatedBuilding"] | null;
            grid: components["schemas"]["LocatedGrid"] | null;
            /** @description Network → level → area. */
            grids: {
                [key: string]: {
                    [key: string]: components["schemas"]["LocatedGrid"];
                };
            };
            lat: number;
            lon: number;
            micro_grid: components["schemas"]["LocatedGrid"] | null;
            nearest_territory?: {
                code: string;
                distance_m: number;
                name: string;
                name_en: string | null;
            } | null;
            note?: string;
            resource_points: components["schemas"]["NearPoint"][];
            responsible: components["schemas"]["Responsible"][];
            /** @description The largest first. */
            territories: components["schemas"]["LocatedTerritory"][];
            territory: components["schemas"]["LocatedTerritory"] | null;
        };
        LocatedBuilding: {
            address: string | null;
            code: string | null;
            /** @description 0 inside, at most 30 */
            distance_m: number;
            dossiers: number;
            floors: number | null;
            households: number;
            id: number;
            name: string | null;
            name_en: string | null;
            residents: number;
            units: number;
            usage: string;
        };
        LocatedGrid: {
            area_m2: number;
            buildings: number;
            code: string;
            dossiers: number;
            households: number;
            id: number;
            kind: string;
            level: number;
            name: string;
            name_en: string | null;
            residents: number;
        };
        LocatedTerritory: {
            code: string;
            id: number;
            kind: string;
            name: string;
            name_en: string | null;
        };
        MultiLineString: {
            coordinates: [
                number,
                number
            ][][];
            /** @enum {string} */
            type: "MultiLineString";
        };
        MultiPolygon: {
            coordinates: [
                number,
                number
            ][][][];
            /** @enum {string} */
            type: "MultiPolygon";
        };
        NearPoint: {
            category: string;
            code: string | null;
            distance_m: number;
            id: number;
            lat: number;
            lon: number;
            name: string;
            name_en: string | null;
            opening_hours: string | null;
            organisation: string | null;
            place: string | null;
        };
        Network: {
            authoritative: boolean;
            key: string;
            levels: components["schemas"]["Level"][];
            name: string;
            name_en: string | null;
            territory: string;
            territory_name: string;
        };
        Place: {
            bbox: [
                number,
                number,
                number,
                number
            ] | null;
            code: string | null;
            counts: {
                buildings: number;
                grids: number;
                households: number;
                incidents: number;
                micro_grids: number;
                residents: number;
                resource_points: number;
                territories: number;
            };
            demo: boolean;
            key: string;
            name: string;
            name_en: string | null;
            networks: components["schemas"]["Network"][];
            time_zone: string;
        };
        Places: {
            places: components["schemas"]["Place"][];
        };
        Point: {
            coordinates: [
                number,
                number
            ];
            /** @enum {string} */
            type: "Point";
        };
        Polygon: {
            coordinates: [
                number,
                number
            ][][];
            /** @enum {string} */
            type: "Polygon";
        };
        /** @description What went wrong (RFC 9457): what, where, and what to do. */
        Problem: {
            detail: string;
            faults?: components["schemas"]["Fault"][];
            hint?: string;
            instance?: string;
            status: number;
            title: string;
            type: string;
        };
        ResourcePointsFeature: {
            geometry: components["schemas"]["Point"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 容量 capacity */
                capacity: number | null;
                /** 类别 category */
                category: string;
                /** 编码 code */
                code: string | null;
                /** 名称 name */
                name: string;
                /** 英文名 name in English */
                name_en: string | null;
                /** 开放时间 opening hours */
                opening_hours: string | null;
                /** 单位 organisation */
                organisation: string | null;
                /** 地方 place */
                place: string | null;
                /** 服务层级 level that it serves */
                serves: string | null;
                /** 服务内容 services */
                services: string[];
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
            };
            /** @enum {string} */
            type: "Feature";
        };
        Responsible: {
            name: string | null;
            role: string;
            role_name: string;
            role_name_en: string;
            target: {
                code: string | null;
                /** @enum {string} */
                kind: "grid" | "building" | "unit" | "street";
                level?: number;
                name: string | null;
                name_en: string | null;
                network?: string;
                unit?: number;
            };
        };
        SearchResult: {
            bbox: [
                number,
                number,
                number,
                number
            ];
            category?: string;
            code: string | null;
            id: number;
            kind?: string;
            lat: number;
            /** @enum {string} */
            layer: "territories" | "grids" | "resource-points" | "buildings" | "streets" | "incidents";
            level?: number;
            lon: number;
            name: string | null;
            name_en: string | null;
            network?: string;
            place: string | null;
        };
        SearchResults: {
            results: components["schemas"]["SearchResult"][];
        };
        StreetsFeature: {
            geometry: components["schemas"]["MultiLineString"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 类型 kind */
                kind: string;
                /** 名称 name */
                name: string | null;
                /** 英文名 name in English */
                name_en: string | null;
                /** 地方 place */
                place: string | null;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
                /** 宽度（米） width in metres */
                width_m: number | null;
            };
            /** @enum {string} */
            type: "Feature";
        };
        TerritoriesFeature: {
            geometry: components["schemas"]["MultiPolygon"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 编码 code */
                code: string;
                /** 类型 kind */
                kind: string;
                /** 名称 name */
                name: string;
                /** 英文名 name in English */
                name_en: string | null;
                /** 上级编码 code of the parent */
                parent: string | null;
                /** 地方 place */
                place: string | null;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
            };
            /** @enum {string} */
            type: "Feature";
        };
        TerritoriesPage: {
            features: components["schemas"]["TerritoriesFeature"][];
            links: components["schemas"]["Link"][];
            numberMatched: number;
            numberReturned: number;
            /** Format: date-time */
            timeStamp: string;
            /** @enum {string} */
            type: "FeatureCollection";
        };
        WaterFeature: {
            geometry: components["schemas"]["Point"] | components["schemas"]["LineString"] | components["schemas"]["Polygon"] | components["schemas"]["MultiLineString"] | components["schemas"]["MultiPolygon"];
            id: number;
            links?: components["schemas"]["Link"][];
            properties: {
                /** 类型 kind */
                kind: string;
                /** 名称 name */
                name: string | null;
                /** 英文名 name in English */
                name_en: string | null;
                /** 地方 place */
                place: string | null;
                /**
                 * 更新时间 updated
                 * Format: date-time
                 */
                updated_at: string;
            };
            /** @enum {string} */
            type: "Feature";
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
    getPlaces: {
        parameters: {
            query?: {
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every place and what it has */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Places"];
                };
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    search: {
        parameters: {
            query: {
                /** @description A name or code, or words of a name; traditional and simplified characters find each other. */
                q: string;
                /** @description Key of a place to search in. */
                place?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Find by name or by the beginning of a code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResults"];
                };
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    locate: {
        parameters: {
            query: {
                /** @description Degrees. */
                lon: number;
                /** @description Degrees. */
                lat: number;
                /** @description What the coordinates are in; web maps in China have gcj02 or bd09. */
                datum?: "wgs84" | "cgcs2000" | "gcj02" | "bd09";
                /** @description The network of grid and micro-grid. */
                network?: string;
                /** @description The day whose plans count, such as 2026-10-31; today without it. */
                at?: string;
                /** @description How many of the nearest resource points. */
                limit?: number;
                /** @description Categories of resource points, with commas between; all without it. */
                category?: string;
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of a point */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Located"];
                };
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    style: {
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
                    "application/json": unknown;
                };
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such style */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Another problem. */
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
    getTerritoriesItems: {
        parameters: {
            query?: {
                /** @description How many features at most; more follow by the link `next`. Above the maximum it is the maximum. */
                limit?: number;
                /** @description West, south, east, north (with heights, six numbers). West of 180° and east of −180°: a window across the antimeridian. */
                bbox?: number[] & (unknown | unknown);
                /** @description Coordinates of `bbox`. */
                "bbox-crs"?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description An instant of RFC 3339, or two with a slash between, of which one may be open: `..`. Grids, micro-grids and territories are those in force then (a day such as 2026-10-31 is enough); other layers without a time of their own are filtered by their last change. */
                datetime?: string;
                /** @description Where a page begins: only from a link `next`. */
                cursor?: string;
                /** @description `hits` gives numberMatched and no features. */
                resultType?: "results" | "hits";
                /** @description The format of the answer. */
                f?: "json";
                /** @description 地方 place: only features that have this value. */
                place?: string;
                /** @description 编码 code: only features that have this value. */
                code?: string;
                /** @description 名称 name: only features that have this value. */
                name?: string;
                /** @description 英文名 name in English: only features that have this value. */
                name_en?: string;
                /** @description 类型 kind: only features that have this value. */
                kind?: string;
                /** @description 上级编码 code of the parent: only features that have this value. */
                parent?: string;
                /** @description 更新时间 updated: only features that have this value. */
                updated_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streets, towns, communities and villages with their 12-digit codes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["TerritoriesPage"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getGridsItems: {
        parameters: {
            query?: {
                /** @description How many features at most; more follow by the link `next`. Above the maximum it is the maximum. */
                limit?: number;
                /** @description West, south, east, north (with heights, six numbers). West of 180° and east of −180°: a window across the antimeridian. */
                bbox?: number[] & (unknown | unknown);
                /** @description Coordinates of `bbox`. */
                "bbox-crs"?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description An instant of RFC 3339, or two with a slash between, of which one may be open: `..`. Grids, micro-grids and territories are those in force then (a day such as 2026-10-31 is enough); other layers without a time of their own are filtered by their last change. */
                datetime?: string;
                /** @description Where a page begins: only from a link `next`. */
                cursor?: string;
                /** @description `hits` gives numberMatched and no features. */
                resultType?: "results" | "hits";
                /** @description The format of the answer. */
                f?: "json";
                /** @description 地方 place: only features that have this value. */
                place?: string;
                /** @description 网 network: only features that have this value. */
                network?: string;
                /** @description 层级 level: only features that have this value. */
                level?: number;
                /** @description 编码 code: only features that have this value. */
                code?: string;
                /** @description 名称 name: only features that have this value. */
                name?: string;
                /** @description 英文名 name in English: only features that have this value. */
                name_en?: string;
                /** @description 类型 kind: only features that have this value. */
                kind?: string;
                /** @description 上级编码 code of the parent: only features that have this value. */
                parent?: string;
                /** @description 方案 plan: only features that have this value. */
                plan?: number;
                /** @description 户数 households: only features that have this value. */
                households?: number;
                /** @description 人口 residents: only features that have this value. */
                residents?: number;
                /** @description 楼栋数 buildings: only features that have this value. */
                buildings?: number;
                /** @description 民情档案 dossiers: only features that have this value. */
                dossiers?: number;
                /** @description 面积（平方米） area in square metres: only features that have this value. */
                area_m2?: number;
                /** @description 更新时间 updated: only features that have this value. */
                updated_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The areas of every published plan, every network and level */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["GridsPage"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getIncidentsItems: {
        parameters: {
            query?: {
                /** @description How many features at most; more follow by the link `next`. Above the maximum it is the maximum. */
                limit?: number;
                /** @description West, south, east, north (with heights, six numbers). West of 180° and east of −180°: a window across the antimeridian. */
                bbox?: number[] & (unknown | unknown);
                /** @description Coordinates of `bbox`. */
                "bbox-crs"?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description An instant of RFC 3339, or two with a slash between, of which one may be open: `..`. Grids, micro-grids and territories are those in force then (a day such as 2026-10-31 is enough); other layers without a time of their own are filtered by their last change. */
                datetime?: string;
                /** @description Where a page begins: only from a link `next`. */
                cursor?: string;
                /** @description `hits` gives numberMatched and no features. */
                resultType?: "results" | "hits";
                /** @description The format of the answer. */
                f?: "json";
                /** @description 地方 place: only features that have this value. */
                place?: string;
                /** @description 编码 code: only features that have this value. */
                code?: string;
                /** @description 类别 category: only features that have this value. */
                category?: string;
                /** @description 严重程度 severity: only features that have this value. */
                severity?: number;
                /** @description 来源 channel: only features that have this value. */
                channel?: string;
                /** @description 状态 state: only features that have this value. */
                state?: string;
                /** @description 标题 title: only features that have this value. */
                title?: string;
                /** @description 上报时间 reported: only features that have this value. */
                reported_at?: string;
                /** @description 期限 due: only features that have this value. */
                due_at?: string;
                /** @description 办结时间 closed: only features that have this value. */
                closed_at?: string;
                /** @description 更新时间 updated: only features that have this value. */
                updated_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was reported, where and when */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["IncidentsPage"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getLandUseItems: {
        parameters: {
            query?: {
                /** @description How many features at most; more follow by the link `next`. Above the maximum it is the maximum. */
                limit?: number;
                /** @description West, south, east, north (with heights, six numbers). West of 180° and east of −180°: a window across the antimeridian. */
                bbox?: number[] & (unknown | unknown);
                /** @description Coordinates of `bbox`. */
                "bbox-crs"?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description An instant of RFC 3339, or two with a slash between, of which one may be open: `..`. Grids, micro-grids and territories are those in force then (a day such as 2026-10-31 is enough); other layers without a time of their own are filtered by their last change. */
                datetime?: string;
                /** @description Where a page begins: only from a link `next`. */
                cursor?: string;
                /** @description `hits` gives numberMatched and no features. */
                resultType?: "results" | "hits";
                /** @description The format of the answer. */
                f?: "json";
                /** @description 地方 place: only features that have this value. */
                place?: string;
                /** @description 名称 name: only features that have this value. */
                name?: string;
                /** @description 英文名 name in English: only features that have this value. */
                name_en?: string;
                /** @description 类型 kind: only features that have this value. */
                kind?: string;
                /** @description 更新时间 updated: only features that have this value. */
                updated_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Parks, estates, schools, fields and woods: the ground of the map */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["LandUsePage"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getTerritoriesItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["TerritoriesFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getGridsItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["GridsFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getBuildingsItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["BuildingsFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getResourcePointsItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["ResourcePointsFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getIncidentsItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["IncidentsFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getStreetsItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["StreetsFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getWaterItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["WaterFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
    getLandUseItem: {
        parameters: {
            query?: {
                /** @description Coordinates of the answer; in EPSG:4326 and 4490 latitude first. */
                crs?: "http://www.opengis.net/def/crs/OGC/1.3/CRS84" | "http://www.opengis.net/def/crs/EPSG/0/4326" | "http://www.opengis.net/def/crs/EPSG/0/4490" | "http://www.opengis.net/def/crs/EPSG/0/3857";
                /** @description The format of the answer. */
                f?: "json";
            };
            header?: never;
            path: {
                /** @description Id of a feature. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One feature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": components["schemas"]["LandUseFeature"];
                };
            };
            /** @description What the client has (If-None-Match) is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query, a header or the body cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or too much is asked at once; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another problem. */
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
