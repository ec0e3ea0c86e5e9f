"""The trade's words in English, Korean and Japanese. Parts are composed of them (`portal.sample.parts`).

One row a kind of part: key | number prefix | group | English | Korean | Japanese | grams | won. Weight and price are a midi machine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Words = tuple[str, str, str]  # en, ko, ja


def named(words: Words) -> dict[str, Any]:
    """A thing's `name` and `names`."""
    english, korean, japanese = words
    return {"name": english, "names": {"ko": korean, "ja": japanese}}


CYLINDERS: dict[str, Words] = {
    "boom": ("boom cylinder", "붐 실린더", "ブームシリンダー"),
    "arm": ("arm cylinder", "암 실린더", "アームシリンダー"),
    "bucket": ("bucket cylinder", "버킷 실린더", "バケットシリンダー"),
    "swing": ("boom swing cylinder", "붐 스윙 실린더", "ブームスイングシリンダー"),
    "blade": ("dozer blade cylinder", "배토판 실린더", "排土板シリンダー"),
    "lift": ("lift cylinder", "리프트 실린더", "リフトシリンダー"),
    "tilt": ("tilt cylinder", "틸트 실린더", "チルトシリンダー"),
    "steering": ("steering cylinder", "조향 실린더", "ステアリングシリンダー"),
}

ON_CYLINDERS = """
seal-kit    | 3110 | SEALS      | Seal kit    | 씰 키트      | シールキット     | 400   | 96000
piston      | 3120 | HYDRAULICS | Piston      | 피스톤       | ピストン         | 2600  | 148000
rod         | 3130 | HYDRAULICS | Piston rod  | 피스톤 로드  | ピストンロッド   | 18500 | 415000
gland       | 3140 | HYDRAULICS | Gland       | 로드 커버    | ロッドカバー     | 4100  | 187000
bushing     | 3150 | WEAR       | Bushing     | 부싱         | ブッシュ         | 650   | 31000
pin         | 3160 | STRUCTURE  | Pin         | 핀           | ピン             | 5200  | 74000
"""

ENGINE = """
oil-filter       | 1110 | FILTERS | Engine oil filter         | 엔진 오일 필터      | エンジンオイルフィルター   | 620   | 14500
fuel-filter      | 1120 | FILTERS | Fuel filter               | 연료 필터           | 燃料フィルター             | 540   | 19800
water-separator  | 1121 | FILTERS | Water separator element   | 수분 분리기 엘리먼트 | ウォーターセパレーターエレメント | 480 | 23400
air-filter-outer | 1130 | FILTERS | Air cleaner element, outer | 에어 클리너 외부 엘리먼트 | エアクリーナー外側エレメント | 1450 | 38500
air-filter-inner | 1131 | FILTERS | Air cleaner element, inner | 에어 클리너 내부 엘리먼트 | エアクリーナー内側エレメント | 720 | 27600
fan-belt         | 1210 | WEAR    | Fan belt                  | 팬 벨트             | ファンベルト               | 310   | 21500
thermostat       | 1220 | ENGINE  | Thermostat                | 서모스탯            | サーモスタット             | 190   | 33000
water-pump       | 1230 | ENGINE  | Water pump                | 워터 펌프           | ウォーターポンプ           | 3900  | 168000
starter          | 1310 | ELECTRICS | Starter motor           | 스타터 모터         | スターターモーター         | 8200  | 465000
alternator       | 1320 | ELECTRICS | Alternator              | 알터네이터          | オルタネーター             | 6100  | 398000
injector         | 1410 | ENGINE  | Injector                  | 인젝터              | インジェクター             | 520   | 312000
turbocharger     | 1420 | ENGINE  | Turbocharger              | 터보차저            | ターボチャージャー         | 9400  | 1280000
head-gasket      | 1430 | SEALS   | Cylinder head gasket      | 실린더 헤드 개스킷  | シリンダーヘッドガスケット | 380   | 118000
pan-gasket       | 1431 | SEALS   | Oil pan gasket            | 오일 팬 개스킷      | オイルパンガスケット       | 210   | 36500
glow-plug        | 1440 | ENGINE  | Glow plug                 | 예열 플러그         | グロープラグ               | 60    | 24500
feed-pump        | 1450 | ENGINE  | Fuel feed pump            | 연료 공급 펌프      | 燃料供給ポンプ             | 1100  | 142000
radiator         | 1510 | ENGINE  | Radiator                  | 라디에이터          | ラジエーター               | 17500 | 690000
fan              | 1520 | ENGINE  | Cooling fan               | 냉각 팬             | 冷却ファン                 | 2300  | 98000
coolant-hose     | 1530 | HOSES   | Coolant hose, upper       | 상부 냉각수 호스    | アッパーラジエーターホース | 480   | 28500
engine-mount     | 1610 | ENGINE  | Engine mount              | 엔진 마운트         | エンジンマウント           | 1650  | 66000
oil-switch       | 1710 | ELECTRICS | Oil pressure switch     | 유압 스위치         | 油圧スイッチ               | 90    | 29800
"""

HYDRAULICS = """
main-pump        | 2110 | HYDRAULICS | Main pump                 | 메인 펌프           | メインポンプ               | 46000 | 4850000
main-pump-kit    | 2111 | SEALS      | Seal kit, main pump       | 메인 펌프 씰 키트   | メインポンプ用シールキット | 520   | 134000
pilot-pump       | 2120 | HYDRAULICS | Pilot pump                | 파일럿 펌프         | パイロットポンプ           | 4200  | 385000
control-valve    | 2130 | HYDRAULICS | Main control valve        | 메인 컨트롤 밸브    | メインコントロールバルブ   | 62000 | 5320000
relief-valve     | 2131 | HYDRAULICS | Relief valve              | 릴리프 밸브         | リリーフバルブ             | 780   | 176000
swing-motor      | 2140 | HYDRAULICS | Swing motor               | 선회 모터           | 旋回モーター               | 39000 | 3410000
swing-motor-kit  | 2141 | SEALS      | Seal kit, swing motor     | 선회 모터 씰 키트   | 旋回モーター用シールキット | 460   | 121000
travel-motor     | 2150 | HYDRAULICS | Travel motor              | 주행 모터           | 走行モーター               | 71000 | 4160000
travel-motor-kit | 2151 | SEALS      | Seal kit, travel motor    | 주행 모터 씰 키트   | 走行モーター用シールキット | 640   | 143000
swivel-kit       | 2161 | SEALS      | Seal kit, swivel joint    | 스위블 조인트 씰 키트 | スイベルジョイント用シールキット | 380 | 88000
return-filter    | 2210 | FILTERS    | Hydraulic return filter   | 유압 리턴 필터      | 作動油リターンフィルター   | 1350  | 47500
suction-strainer | 2220 | FILTERS    | Suction strainer          | 흡입 스트레이너     | サクションストレーナー     | 900   | 52000
pilot-filter     | 2230 | FILTERS    | Pilot line filter         | 파일럿 라인 필터    | パイロットラインフィルター | 280   | 31500
breather         | 2240 | FILTERS    | Tank breather             | 탱크 브리더         | タンクブリーザー           | 160   | 17800
oil-cooler       | 2310 | HYDRAULICS | Hydraulic oil cooler      | 작동유 쿨러         | オイルクーラー             | 14500 | 745000
joystick         | 2410 | HYDRAULICS | Pilot joystick            | 조종 레버(조이스틱) | 操作レバー(ジョイスティック) | 2900 | 520000
solenoid         | 2420 | ELECTRICS  | Solenoid valve            | 솔레노이드 밸브     | ソレノイドバルブ           | 640   | 158000
pressure-hose    | 2510 | HOSES      | Pressure hose, main pump  | 메인 펌프 고압 호스 | メインポンプ高圧ホース     | 2400  | 84000
return-hose      | 2520 | HOSES      | Return hose, oil cooler   | 오일 쿨러 리턴 호스 | オイルクーラーリターンホース | 1900 | 56000
"""

ELECTRICS = """
battery          | 4110 | BATTERIES | Battery                  | 배터리              | バッテリー                 | 24500 | 195000
horn             | 4210 | ELECTRICS | Horn                     | 경음기              | ホーン                     | 420   | 27500
work-lamp        | 4220 | ELECTRICS | LED work lamp            | LED 작업등          | LED作業灯                  | 780   | 89000
monitor          | 4310 | ELECTRICS | Monitor panel            | 모니터 패널         | モニターパネル             | 1900  | 1150000
controller       | 4320 | ELECTRICS | Machine controller       | 장비 컨트롤러       | 車体コントローラー         | 1200  | 1740000
harness          | 4410 | ELECTRICS | Wiring harness, cab      | 캡 와이어 하네스    | キャブ用ワイヤーハーネス   | 5200  | 610000
coolant-sensor   | 4510 | ELECTRICS | Coolant temperature sensor | 냉각수 온도 센서  | 冷却水温度センサー         | 70    | 26500
fuel-sensor      | 4520 | ELECTRICS | Fuel level sensor        | 연료 레벨 센서      | 燃料レベルセンサー         | 310   | 71000
pressure-sensor  | 4530 | ELECTRICS | Pressure sensor          | 압력 센서           | 圧力センサー               | 130   | 112000
relay            | 4610 | ELECTRICS | Relay                    | 릴레이              | リレー                     | 45    | 9800
fuse-set         | 4620 | ELECTRICS | Fuse set                 | 퓨즈 세트           | ヒューズセット             | 60    | 8600
start-switch     | 4630 | ELECTRICS | Starter switch           | 시동 스위치         | スタータースイッチ         | 180   | 58500
wiper-motor      | 4710 | ELECTRICS | Wiper motor              | 와이퍼 모터         | ワイパーモーター           | 1500  | 176000
"""

CAB = """
front-glass      | 5110 | GLASS  | Front window glass          | 앞유리              | フロントガラス             | 12500 | 264000
side-glass       | 5120 | GLASS  | Side window glass           | 측면 유리           | サイドガラス               | 6800  | 142000
door-glass       | 5130 | GLASS  | Door glass                  | 도어 유리           | ドアガラス                 | 5400  | 128000
mirror           | 5210 | CAB    | Rear-view mirror            | 후사경              | バックミラー               | 1300  | 46500
seat             | 5310 | CAB    | Operator's seat             | 운전석 시트         | 運転席シート               | 28500 | 780000
seat-belt        | 5320 | CAB    | Seat belt                   | 안전벨트            | シートベルト               | 900   | 74000
wiper-blade      | 5410 | WEAR   | Wiper blade                 | 와이퍼 블레이드     | ワイパーブレード           | 260   | 16500
cab-filter       | 5420 | FILTERS | Cab air filter             | 캡 에어 필터        | キャブエアフィルター       | 350   | 22500
door-lock        | 5510 | CAB    | Door lock                   | 도어 록             | ドアロック                 | 1100  | 92000
gas-spring       | 5520 | CAB    | Gas spring, engine hood     | 엔진 후드 가스 스프링 | エンジンフード用ガススプリング | 640 | 38500
compressor       | 5610 | CAB    | Air-conditioner compressor  | 에어컨 컴프레서     | エアコンコンプレッサー     | 6900  | 568000
"""

TRACKS = """
track-roller     | 6110 | UNDERCARRIAGE | Track roller          | 하부 롤러           | 下部ローラー               | 24000 | 218000
carrier-roller   | 6120 | UNDERCARRIAGE | Carrier roller        | 상부 롤러           | 上部ローラー               | 14500 | 164000
sprocket         | 6130 | UNDERCARRIAGE | Sprocket              | 스프로킷            | スプロケット               | 38000 | 342000
idler            | 6140 | UNDERCARRIAGE | Idler                 | 아이들러            | アイドラー                 | 61000 | 486000
track            | 6150 | UNDERCARRIAGE | Track assembly        | 트랙 어셈블리       | 履帯アッセンブリー         | 420000 | 2140000
adjuster-kit     | 6161 | SEALS         | Seal kit, track adjuster | 트랙 조정 실린더 씰 키트 | 履帯調整シリンダー用シールキット | 250 | 64000
"""

WHEELS = """
tyre             | 6210 | WEAR       | Tyre                      | 타이어              | タイヤ                     | 96000 | 940000
rim              | 6220 | STRUCTURE  | Wheel rim                 | 휠 림               | ホイールリム               | 61000 | 520000
axle-kit         | 6231 | SEALS      | Seal kit, axle            | 액슬 씰 키트        | アクスル用シールキット     | 720   | 156000
brake-disc       | 6240 | WEAR       | Brake disc                | 브레이크 디스크     | ブレーキディスク           | 4800  | 132000
shaft            | 6250 | STRUCTURE  | Propeller shaft           | 추진축              | プロペラシャフト           | 23000 | 498000
"""

ATTACHMENT = """
tooth            | 7110 | WEAR | Bucket tooth                  | 버킷 투스           | バケットツース             | 3900  | 24500
adapter          | 7120 | WEAR | Tooth adapter                 | 투스 어댑터         | ツースアダプター           | 5600  | 46000
tooth-pin        | 7130 | WEAR | Tooth pin                     | 투스 핀             | ツースピン                 | 190   | 5400
side-cutter      | 7140 | WEAR | Side cutter                   | 사이드 커터         | サイドカッター             | 8700  | 71000
cutting-edge     | 7150 | WEAR | Cutting edge                  | 커팅 에지           | カッティングエッジ         | 27000 | 158000
link             | 7210 | STRUCTURE | Bucket link              | 버킷 링크           | バケットリンク             | 19500 | 286000
"""

# Not made for a size of machine: fluids, paint, hardware.
COMMON = """
engine-oil       | 8110 | FLUIDS   | Engine oil 15W-40, 20 l      | 엔진 오일 15W-40, 20 l  | エンジンオイル 15W-40、20 l  | 18200  | 118000
hydraulic-oil    | 8120 | FLUIDS   | Hydraulic oil ISO VG 46, 20 l | 작동유 ISO VG 46, 20 l | 作動油 ISO VG 46、20 l       | 17900  | 96000
hydraulic-drum   | 8121 | FLUIDS   | Hydraulic oil ISO VG 46, 200 l | 작동유 ISO VG 46, 200 l | 作動油 ISO VG 46、200 l    | 182000 | 845000
gear-oil         | 8130 | FLUIDS   | Gear oil 80W-90, 20 l        | 기어 오일 80W-90, 20 l  | ギヤオイル 80W-90、20 l      | 18400  | 124000
coolant          | 8140 | FLUIDS   | Long-life coolant, 18 l      | 장수명 냉각수, 18 l     | ロングライフクーラント、18 l | 19500  | 72000
grease           | 8150 | FLUIDS   | Grease cartridge, 400 g      | 그리스 카트리지, 400 g  | グリースカートリッジ、400 g  | 430    | 6200
paint-blue       | 8210 | PAINT    | Paint, Baramsan blue, 4 l    | 도료, 바람산 블루, 4 l  | 塗料、バラムサンブルー、4 l  | 5200   | 78000
paint-grey       | 8211 | PAINT    | Paint, counterweight grey, 4 l | 도료, 카운터웨이트 그레이, 4 l | 塗料、カウンターウエイトグレー、4 l | 5200 | 74000
paint-spray      | 8212 | PAINT    | Touch-up spray, Baramsan blue | 보수용 스프레이, 바람산 블루 | タッチアップスプレー、バラムサンブルー | 420 | 15800
sealant          | 8220 | FLUIDS   | Liquid gasket, 100 g         | 액상 개스킷, 100 g      | 液状ガスケット、100 g        | 130    | 18500
cleaner          | 8230 | FLUIDS   | Brake cleaner, 500 ml        | 브레이크 클리너, 500 ml | ブレーキクリーナー、500 ml   | 460    | 8900
bolt-m8          | 9108 | HARDWARE | Bolt M8 x 25                 | 볼트 M8 x 25            | ボルト M8 x 25               | 15     | 180
bolt-m10         | 9110 | HARDWARE | Bolt M10 x 30                | 볼트 M10 x 30           | ボルト M10 x 30              | 28     | 260
bolt-m12         | 9112 | HARDWARE | Bolt M12 x 40                | 볼트 M12 x 40           | ボルト M12 x 40              | 49     | 410
bolt-m16         | 9116 | HARDWARE | Bolt M16 x 50                | 볼트 M16 x 50           | ボルト M16 x 50              | 118    | 890
bolt-m20         | 9120 | HARDWARE | Track bolt M20 x 60          | 트랙 볼트 M20 x 60      | 履帯ボルト M20 x 60          | 235    | 1650
nut-m8           | 9208 | HARDWARE | Nut M8                       | 너트 M8                 | ナット M8                    | 5      | 60
nut-m10          | 9210 | HARDWARE | Nut M10                      | 너트 M10                | ナット M10                   | 11     | 90
nut-m12          | 9212 | HARDWARE | Nut M12                      | 너트 M12                | ナット M12                   | 17     | 130
nut-m16          | 9216 | HARDWARE | Nut M16                      | 너트 M16                | ナット M16                   | 33     | 260
nut-m20          | 9220 | HARDWARE | Track nut M20                | 트랙 너트 M20           | 履帯ナット M20               | 64     | 540
washer-m8        | 9308 | HARDWARE | Washer M8                    | 와셔 M8                 | ワッシャー M8                | 2      | 20
washer-m10       | 9310 | HARDWARE | Washer M10                   | 와셔 M10                | ワッシャー M10               | 4      | 25
washer-m12       | 9312 | HARDWARE | Washer M12                   | 와셔 M12                | ワッシャー M12               | 6      | 40
washer-m16       | 9316 | HARDWARE | Washer M16                   | 와셔 M16                | ワッシャー M16               | 11     | 70
o-ring-p12       | 9412 | SEALS    | O-ring P12                   | O링 P12                 | Oリング P12                  | 1      | 420
o-ring-p20       | 9420 | SEALS    | O-ring P20                   | O링 P20                 | Oリング P20                  | 2      | 560
o-ring-g45       | 9445 | SEALS    | O-ring G45                   | O링 G45                 | Oリング G45                  | 4      | 980
hose-clamp       | 9510 | HARDWARE | Hose clamp 40-60             | 호스 클램프 40-60       | ホースクランプ 40-60         | 38     | 1450
grease-nipple    | 9520 | HARDWARE | Grease nipple M6             | 그리스 니플 M6          | グリースニップル M6          | 6      | 640
cable-tie        | 9530 | HARDWARE | Cable tie 300 mm             | 케이블 타이 300 mm      | 結束バンド 300 mm            | 2      | 35
"""


@dataclass(frozen=True)
class Kind:
    """One row of the tables above; `won` and `grams` are a midi machine's."""

    key: str
    prefix: str
    group: str
    names: Words
    grams: int
    won: int


def kinds(table: str) -> list[Kind]:
    """The rows of a table."""
    rows = [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]
    return [
        Kind(key, prefix, group, (en, ko, ja), int(grams), int(won))
        for key, prefix, group, en, ko, ja, grams, won in rows
    ]


def of_cylinder(kind: Kind, cylinder: Words) -> Words:
    """The name of a kind of part on one cylinder, as each language puts it."""
    (en, ko, ja), (of_en, of_ko, of_ja) = kind.names, cylinder
    return f"{en}, {of_en}", f"{of_ko} {ko}", f"{of_ja}用{ja}"
