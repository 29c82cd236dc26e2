import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.*;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeMaker;
import com.sun.tools.javac.util.ListBuffer;
import com.sun.tools.javac.util.Names;
import java.util.*;

/**
 * Puts the parsed setup, candidate and tests together: each keeps a compilation unit of its own, all are in one
 * package, and each sees the imports that it would see in one file. Where two declare the same class, the tests'
 * counts; a platform's class that the tests name is not hidden by a class of the candidate's.
 */
final class CrosstuneAssembly {
    private final TreeMaker maker;
    private final Names names;
    final List<JCCompilationUnit> units = new ArrayList<>();

    CrosstuneAssembly(TreeMaker maker, Names names) {
        this.maker = maker;
        this.names = names;
    }

    /** Without tests: setup (may be null) and candidate. */
    void whole(JCCompilationUnit setup, JCCompilationUnit candidate) {
        if (setup != null) {
            if (packageOf(setup) == null) place(setup, packageOf(candidate));
            addImports(candidate, importsFor(candidate, setup));
            units.add(setup);
        }
        units.add(candidate);
    }

    void tested(JCCompilationUnit setup, JCCompilationUnit candidate, JCCompilationUnit tests) {
        onePackage(setup, candidate, tests);
        List<JCImport> given = imports(candidate);
        boolean bare = imports(tests).isEmpty();
        if (setup != null) {
            addImports(candidate, importsFor(candidate, setup));
            bare = bare && imports(setup).isEmpty();
            addImports(tests, importsFor(tests, setup));
            units.add(setup);
        }
        units.add(candidate);
        units.add(tests);
        Set<String> named = CrosstuneNames.in(tests);
        Set<String> declared = new HashSet<>();
        for (JCCompilationUnit unit : units) if (unit != tests) for (JCClassDecl type : types(unit)) declared.add(type.name.toString());
        if (bare) addImports(tests, copies(given, tests));
        else addImports(tests, needed(given, tests, named, declared));
        showHidden(tests, named, declared);
        for (JCCompilationUnit unit : List.copyOf(units)) if (unit != tests) separate(unit, tests);
    }

    /** Moves the types that lie outside of the tests' part of the text, which is ``from`` to ``to``, into the unit that
     * is returned; what the part touches stays in ``unit``. */
    JCCompilationUnit split(JCCompilationUnit unit, int from, int to) {
        ListBuffer<JCTree> moved = new ListBuffer<>(), kept = new ListBuffer<>();
        for (JCTree each : unit.defs) {
            boolean outside = TreeInfo.getEndPos(each, unit.endPositions) <= from || TreeInfo.getStartPos(each) >= to;
            if (each instanceof JCClassDecl && outside) moved.append(each);
            else kept.append(each);
        }
        JCCompilationUnit first = maker.TopLevel(com.sun.tools.javac.util.List.nil());
        first.sourcefile = unit.sourcefile;
        first.lineMap = unit.lineMap;
        first.endPositions = unit.endPositions;
        first.defs = moved.toList();
        addImports(first, copies(imports(unit), first));
        place(first, packageOf(unit));
        unit.defs = kept.toList();
        for (JCClassDecl type : types(unit)) dropRepeated(type, from, to);
        return first;
    }

    /** Methods that the candidate declares in a class that the tests continue, and the tests as well. */
    private static void dropRepeated(JCClassDecl type, int from, int to) {
        Set<String> ofTests = new HashSet<>();
        for (JCTree each : type.defs) {
            if (each.pos >= from && each.pos < to && each instanceof JCMethodDecl) ofTests.add(signature((JCMethodDecl) each));
        }
        ListBuffer<JCTree> kept = new ListBuffer<>();
        for (JCTree each : type.defs) {
            boolean own = each.pos < from || each.pos >= to;
            boolean repeated = own && each instanceof JCMethodDecl && ofTests.contains(signature((JCMethodDecl) each));
            if (!repeated) kept.append(each);
        }
        type.defs = kept.toList();
    }

    private static String signature(JCMethodDecl method) {
        StringBuilder text = new StringBuilder(method.name.toString());
        for (JCVariableDecl each : method.params) text.append(',').append(String.valueOf(each.vartype).replace("...", "[]"));
        return text.toString();
    }

    // Packages and imports

    static String packageOf(JCCompilationUnit unit) {
        for (JCTree each : unit.defs) if (each instanceof JCPackageDecl) return ((JCPackageDecl) each).pid.toString();
        return null;
    }

    /** The tests call package-private classes, so all are in one package, unless the tests import the candidate's. */
    private void onePackage(JCCompilationUnit setup, JCCompilationUnit candidate, JCCompilationUnit tests) {
        String ofTests = packageOf(tests), ofCandidate = packageOf(candidate);
        if (ofTests == null) place(tests, ofCandidate);
        else if (ofCandidate == null || !ofCandidate.equals(ofTests) && !importsFrom(tests, ofCandidate)) place(candidate, ofTests);
        if (setup != null && packageOf(setup) == null) place(setup, packageOf(candidate));
    }

    private static boolean importsFrom(JCCompilationUnit unit, String name) {
        for (JCImport each : imports(unit)) if (each.getQualifiedIdentifier().toString().startsWith(name + ".")) return true;
        return false;
    }

    private void place(JCCompilationUnit unit, String name) {
        ListBuffer<JCTree> defs = new ListBuffer<>();
        if (name != null) defs.append(maker.at(0).PackageDecl(com.sun.tools.javac.util.List.nil(), path(name)));
        for (JCTree each : unit.defs) if (!(each instanceof JCPackageDecl)) defs.append(each);
        unit.defs = defs.toList();
    }

    private JCExpression path(String name) {
        JCExpression whole = null;
        for (String part : name.split("\\.")) {
            whole = whole == null ? maker.Ident(names.fromString(part)) : maker.Select(whole, names.fromString(part));
        }
        return whole;
    }

    static List<JCImport> imports(JCCompilationUnit unit) {
        List<JCImport> found = new ArrayList<>();
        for (JCTree each : unit.defs) if (each instanceof JCImport) found.add((JCImport) each);
        return found;
    }

    static List<JCClassDecl> types(JCCompilationUnit unit) {
        List<JCClassDecl> found = new ArrayList<>();
        for (JCTree each : unit.defs) if (each instanceof JCClassDecl) found.add((JCClassDecl) each);
        return found;
    }

    private static String simple(JCImport each) {
        String name = each.getQualifiedIdentifier().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String qualifier(JCImport each) {
        String name = each.getQualifiedIdentifier().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private JCImport importOf(String name, boolean isStatic) {
        maker.at(0);
        return maker.Import((JCFieldAccess) path(name), isStatic);
    }

    private void addImports(JCCompilationUnit unit, List<JCImport> more) {
        ListBuffer<JCTree> defs = new ListBuffer<>();
        for (JCTree each : unit.defs) if (each instanceof JCPackageDecl) defs.append(each);
        for (JCImport each : more) defs.append(each);
        for (JCTree each : unit.defs) if (!(each instanceof JCPackageDecl)) defs.append(each);
        unit.defs = defs.toList();
    }

    /** The imports of ``other``, but for single ones of a name that ``unit`` itself declares or imports. */
    private List<JCImport> importsFor(JCCompilationUnit unit, JCCompilationUnit other) {
        return copies(imports(other), unit);
    }

    private List<JCImport> copies(List<JCImport> all, JCCompilationUnit unit) {
        Set<String> taken = taken(unit);
        List<JCImport> copies = new ArrayList<>();
        for (JCImport each : all) {
            if (each.isStatic() || !taken.contains(simple(each))) {
                copies.add(importOf(each.getQualifiedIdentifier().toString(), each.isStatic()));
            }
        }
        return copies;
    }

    private static Set<String> taken(JCCompilationUnit unit) {
        Set<String> taken = new HashSet<>();
        for (JCClassDecl type : types(unit)) taken.add(type.name.toString());
        for (JCImport each : imports(unit)) if (!each.isStatic() && !simple(each).equals("*")) taken.add(simple(each));
        return taken;
    }

    /** Of the candidate's imports those that the tests need, which have some of their own: for the rest, the two
     * may mean different classes by one name. */
    private List<JCImport> needed(List<JCImport> given, JCCompilationUnit tests, Set<String> named, Set<String> declared) {
        Set<String> taken = taken(tests);
        Set<String> own = packages(tests);
        List<JCImport> needed = new ArrayList<>();
        for (JCImport each : copies(given, tests)) {
            String name = simple(each), from = qualifier(each);
            if (each.isStatic() || name.equals("*") && !CrosstuneNames.isOfPlatform(from)) {
                needed.add(each);
            } else if (!name.equals("*")) {
                if (named.contains(name) && !declared.contains(name) && CrosstuneNames.provider(own, name) == null && taken.add(name)) needed.add(each);
            } else if (!own.contains(from)) {
                for (String one : named) {
                    boolean unknown = !taken.contains(one) && !declared.contains(one) && CrosstuneNames.provider(own, one) == null;
                    if (unknown && CrosstuneNames.provider(Set.of(from), one) != null && taken.add(one)) needed.add(importOf(from + "." + one, false));
                }
            }
        }
        return needed;
    }

    /** The packages whose public classes the unit sees without naming each. */
    private static Set<String> packages(JCCompilationUnit unit) {
        Set<String> all = new LinkedHashSet<>(List.of("java.lang"));
        for (JCImport each : imports(unit)) if (!each.isStatic() && simple(each).equals("*")) all.add(qualifier(each));
        return all;
    }

    /** A class of the candidate's hides one of the platform's with the same name that is not imported alone. The
     * tests mean the platform's if they use it as that allows, and another class of the candidate's as well. */
    private void showHidden(JCCompilationUnit tests, Set<String> named, Set<String> declared) {
        Set<String> packages = packages(tests), taken = taken(tests);
        List<JCImport> shown = new ArrayList<>();
        boolean others = false;
        for (String name : declared) {
            if (!named.contains(name) || taken.contains(name)) continue;
            Class<?> hidden = CrosstuneNames.provider(packages, name);
            if (hidden != null && CrosstuneNames.fits(tests, name, hidden)) shown.add(importOf(hidden.getName(), false));
            else others = true;
        }
        if (others) addImports(tests, shown);
    }

    // Classes that both declare

    private void separate(JCCompilationUnit unit, JCCompilationUnit tests) {
        for (JCClassDecl own : types(unit)) {
            for (JCClassDecl ofTests : types(tests)) {
                if (own.name == ofTests.name) separate(unit, own, tests, ofTests);
            }
        }
    }

    /** The tests' class counts; the other one gets a new name, unless it is what the tests ask for. */
    private void separate(JCCompilationUnit unit, JCClassDecl own, JCCompilationUnit tests, JCClassDecl ofTests) {
        Set<String> here = members(own), there = members(ofTests);
        boolean runs = here.contains("main") || there.contains("main");
        Set<String> asked = CrosstuneNames.membersOf(tests, own.name.toString());
        asked.removeAll(there);
        if (!asked.isEmpty() && here.containsAll(asked)) {
            ofTests.name = names.fromString(own.name + "OfTests");
        } else if (!runs && there.containsAll(here)) {
            remove(unit, own);
        } else if (!runs && here.containsAll(there)) {
            remove(tests, ofTests);
        } else {
            CrosstuneNames.rename(unit, own.name, names.fromString(own.name + "OfCandidate"));
        }
    }

    private static Set<String> members(JCClassDecl type) {
        Set<String> all = new HashSet<>();
        for (JCTree each : type.defs) {
            if (each instanceof JCMethodDecl) all.add(((JCMethodDecl) each).name.toString());
            else if (each instanceof JCVariableDecl) all.add(((JCVariableDecl) each).name.toString());
            else if (each instanceof JCClassDecl) all.add(((JCClassDecl) each).name.toString());
        }
        all.remove("<init>");
        return all;
    }

    private static void remove(JCCompilationUnit unit, JCTree gone) {
        ListBuffer<JCTree> kept = new ListBuffer<>();
        for (JCTree each : unit.defs) if (each != gone) kept.append(each);
        unit.defs = kept.toList();
    }

    // The class to run

    /** The full name of the type with a `static void main(String[])`: `Main`, a public one, or the first; null: none. */
    static String mainClass(JCCompilationUnit unit, boolean publicFirst) {
        JCClassDecl best = null;
        int bestRank = 9;
        for (JCClassDecl type : types(unit)) {
            boolean isPublic = (type.mods.flags & Flags.PUBLIC) != 0;
            boolean isMain = type.name.contentEquals("Main");
            int rank = publicFirst ? (isPublic ? 0 : isMain ? 1 : 2) : (isMain ? 0 : isPublic ? 1 : 2);
            if (rank < bestRank && hasMain(type)) {
                best = type;
                bestRank = rank;
            }
        }
        if (best == null) return null;
        String name = packageOf(unit);
        return name == null ? best.name.toString() : name + "." + best.name;
    }

    private static boolean hasMain(JCClassDecl type) {
        for (JCTree each : type.defs) {
            if (!(each instanceof JCMethodDecl)) continue;
            JCMethodDecl method = (JCMethodDecl) each;
            boolean isStatic = (method.mods.flags & Flags.STATIC) != 0;
            if (isStatic && method.name.contentEquals("main") && method.params.size() == 1) {
                String parameter = method.params.head.vartype.toString();
                if (parameter.endsWith("String[]") || parameter.endsWith("String...")) return true;
            }
        }
        return false;
    }
}
