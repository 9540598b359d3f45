/// The looks of the report and the few lines that sort and filter its tables.
///
/// Colours are Okabe and Ito's; groups are told by words and shapes as well.
enum ReportStyle {
  static let css = rules + "\n" + Figure.css + ColorRamp.css

  private static let rules = """
    :root{--bg:#fff;--ink:#1c2330;--soft:#5a6575;--line:#dfe3ea;--card:#f5f7fa;--a:#0072b2;--b:#56b4e9;--c:#e69f00;--d:#d55e00;--link:#005a8f;color-scheme:light dark}
    @media (prefers-color-scheme:dark){:root{--bg:#12161d;--ink:#e7ebf1;--soft:#a3aebd;--line:#2d3542;--card:#1b212b;--a:#4fb0ea;--b:#9bd3f5;--c:#f0b840;--d:#ff8a3d;--link:#7cc4f0}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
    main,.bar{max-width:72rem;margin:0 auto;padding:0 1.25rem}
    .bar{display:flex;justify-content:flex-end;gap:.25rem;padding-top:1rem}
    .bar label{padding:.2rem .7rem;border:1px solid var(--line);border-radius:1rem;font-size:.875rem;cursor:pointer;color:var(--soft)}
    .pick{position:absolute;opacity:0;width:1px;height:1px}
    .pick-en:checked~main [lang=vi],.pick-vi:checked~main [lang=en]{display:none}
    .pick-en:checked~.bar .for-en,.pick-vi:checked~.bar .for-vi{background:var(--ink);color:var(--bg);border-color:var(--ink)}
    .pick:focus-visible~.bar label{outline:2px solid var(--a)}
    h1{font-size:clamp(1.6rem,4.5vw,2.4rem);line-height:1.2;margin:.5rem 0 .25rem;letter-spacing:-.01em}
    h2{font-size:1.3rem;margin:2.5rem 0 .5rem}
    p{max-width:46rem}.soft,small{color:var(--soft)}
    .badge{display:inline-block;border:1.5px solid currentColor;border-radius:.3rem;padding:0 .5rem;font-weight:600;font-size:.875rem;color:var(--d)}
    .badge.final{color:var(--a)}
    .four{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.75rem;margin:1rem 0;padding:0}
    .four div{background:var(--card);border-radius:.5rem;padding:.9rem 1rem}
    .four dt{font-weight:600}.four dd{margin:0;font-size:.875rem;color:var(--soft)}
    .four dd.big{font-size:1.9rem;line-height:1.3;color:var(--ink);font-weight:650;font-variant-numeric:tabular-nums}
    .scroll{overflow-x:auto;margin:.75rem 0}
    table{border-collapse:collapse;width:100%;font-size:.9375rem}
    caption{text-align:left;color:var(--soft);font-size:.875rem;padding:.25rem 0}
    th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:middle}
    thead th{font-size:.8125rem;color:var(--soft);font-weight:600;vertical-align:bottom;border-bottom:2px solid var(--line)}
    tbody th{font-weight:500}
    .num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.score{font-weight:650}thead .num{white-space:normal}
    .scores td,.scores th{padding-top:.1rem;padding-bottom:.1rem;height:1.9rem}
    .draw{width:34%;min-width:11rem}
    tbody .draw,thead .draw{padding:0 .6rem}
    .axis{display:block;position:relative;height:1.3rem}.axis i{position:absolute;transform:translateX(-50%);font-style:normal;font-weight:400;font-variant-numeric:tabular-nums}
    .whisker{display:block;width:100%;height:24px;overflow:visible}
    tbody .draw{background:repeating-linear-gradient(90deg,var(--line) 0 1px,transparent 1px var(--step,100%)) 3% 0/94% 100% no-repeat content-box}
    .group th{padding-top:.9rem;font-weight:650}.few{color:var(--d)}
    .best{stroke:var(--ink);stroke-width:2}
    .swatch{display:inline-block;width:1rem;height:1rem;border:1px solid var(--soft);border-radius:.2rem;vertical-align:-.15rem;margin-right:.4rem}
    .swatch.none{background:repeating-linear-gradient(135deg,var(--soft) 0 1px,transparent 1px 5px)}
    .map{display:flex;flex-wrap:wrap;gap:1rem 2rem}.figure{width:min(100%,26rem);height:auto}.key{flex:1 1 16rem}.key ul{list-style:none;padding:0}
    a{color:var(--link)}tbody th a,.figure a{color:inherit;text-decoration-color:var(--soft)}
    .lead{font-size:1.1rem;margin:.5rem 0}h2 small{font-size:.875rem;font-weight:400}
    .profile h3{font-size:1rem;margin:.75rem 0 .25rem}.profile ul{margin:.25rem 0;padding-left:1.2rem}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:0 2rem}
    .parts{font-size:.875rem}.parts td{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.parts thead th:not(:first-child){text-align:right}
    .parts tbody th{padding-left:1.6rem;font-weight:400}.parts .d1 th{padding-left:.35rem;font-weight:650}.parts .d2 th{padding-left:.9rem;font-weight:600}
    .parts td:nth-child(3){white-space:normal;overflow-wrap:anywhere}.parts i{font-style:normal}.parts tbody th{width:55%}.parts th i{font-size:.75rem;color:var(--soft)}.parts th i::after{margin-left:.4rem;font-size:.875rem;color:var(--ink)}
    .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .sort[data-on]{cursor:pointer}.sort[data-on]:hover{color:var(--ink)}
    details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:0 1rem}
    summary{cursor:pointer;padding:.7rem 0;font-weight:600}
    .warn{border-left:4px solid var(--d);background:var(--card);padding:.5rem 1rem;margin:1rem 0;max-width:46rem}
    .warn p{margin:.25rem 0}
    code{font:.8125rem/1.4 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
    input[type=search]{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:.4rem;padding:.3rem .6rem;width:16rem;max-width:100%}
    .narrow{max-width:46rem}footer{margin:3rem 0 2rem;border-top:1px solid var(--line)}
    @media (max-width:60rem){.scores .wide{display:none}}
    @media (max-width:40rem){.parts tr{display:grid;grid-template-columns:1.1fr 1.7fr .8fr 1.4fr}.parts th:first-child{grid-column:1/-1;width:auto;border:0;padding-bottom:0}.parts td{font-size:.8125rem;padding:0 .2rem .2rem}.axis{font-size:.75rem}main,.bar{padding-left:.9rem;padding-right:.9rem}th,td{padding-left:.35rem;padding-right:.35rem}.draw{min-width:4rem}tbody .draw,thead .draw{padding:0 .5rem}.axis i:not(:first-child):not(:last-child){display:none}tbody small{display:block}.wide,.count{display:none}.pair{grid-template-columns:1fr}.group small,.lead small{display:inline}.four{grid-template-columns:1fr 1fr}.four div{padding:.7rem}.four dd.big{font-size:1.5rem}}
    @media print{.bar,input{display:none}body{font-size:10pt}tr,.four div{break-inside:avoid}details{border:0;padding:0}thead{display:table-header-group}}
    """

  static let script = """
    document.querySelectorAll('table.scores').forEach(function(t){
    t.querySelectorAll('th.sort').forEach(function(h){
    h.dataset.on='';h.tabIndex=0;
    function go(){var i=h.cellIndex,d=h.getAttribute('aria-sort')==='ascending'?-1:1;
    t.querySelectorAll('th[aria-sort]').forEach(function(o){o.removeAttribute('aria-sort')});
    h.setAttribute('aria-sort',d>0?'ascending':'descending');
    Array.from(t.tBodies).forEach(function(b){
    Array.from(b.rows).filter(function(r){return r.className!=='group'}).sort(function(x,y){var p=x.cells[i],q=y.cells[i];
    return d*(p.dataset.v!==undefined?p.dataset.v-q.dataset.v:p.innerText.localeCompare(q.innerText,'vi'))}).forEach(function(r){b.appendChild(r)})})}
    h.addEventListener('click',go);h.addEventListener('keydown',function(e){if(e.key==='Enter'){go()}})})});
    var f=document.getElementById('find');if(f){f.closest('p').hidden=false;
    var k=function(s){return s.normalize('NFD').replace(/[\\u0300-\\u036f]/g,'').replace(/[đĐ]/g,'d').toLowerCase()};
    f.addEventListener('input',function(){var q=k(f.value);
    document.querySelectorAll('#units tbody tr:not(.group)').forEach(function(r){r.hidden=k(r.textContent).indexOf(q)<0})})}
    addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(d){d.open=true})});
    """
}
