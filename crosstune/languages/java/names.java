import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.*;
import com.sun.tools.javac.tree.TreeScanner;
import com.sun.tools.javac.util.Name;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.*;

/** Names in a parsed text: which it uses, which the platform's packages provide, and whether it can mean those. */
final class CrosstuneNames {
    private CrosstuneNames() {}

    /** All simple names that stand alone or begin a qualified one. */
    static Set<String> in(JCTree tree) {
        Set<String> found = new HashSet<>();
        new TreeScanner() {
            @Override public void visitIdent(JCIdent one) {
                found.add(one.name.toString());
            }

            @Override public void visitImport(JCImport one) {}
        }.scan(tree);
        return found;
    }

    /** The members `NAME.member` that a text uses. */
    static Set<String> membersOf(JCTree tree, String name) {
        Set<String> found = new HashSet<>();
        new TreeScanner() {
            @Override public void visitSelect(JCFieldAccess one) {
                if (one.selected instanceof JCIdent && ((JCIdent) one.selected).name.contentEquals(name)) {
                    found.add(one.name.toString());
                }
                super.visitSelect(one);
            }

            @Override public void visitImport(JCImport one) {}
        }.scan(tree);
        found.removeAll(Set.of("class", "this", "super"));
        return found;
    }

    /** Gives the class ``old``, and all that is named like it, another name. */
    static void rename(JCTree tree, Name old, Name other) {
        new TreeScanner() {
            @Override public void visitIdent(JCIdent one) {
                if (one.name == old) one.name = other;
            }

            @Override public void visitClassDef(JCClassDecl one) {
                if (one.name == old) one.name = other;
                super.visitClassDef(one);
            }

            @Override public void visitVarDef(JCVariableDecl one) {
                if (one.name == old) one.name = other;
                super.visitVarDef(one);
            }

            @Override public void visitMethodDef(JCMethodDecl one) {
                if (one.name == old) one.name = other;
                super.visitMethodDef(one);
            }

            @Override public void visitImport(JCImport one) {}
        }.scan(tree);
    }

    /** Whether a text uses a class with that name, and has nothing of its own that is named so. */
    static boolean usesUndeclared(JCTree tree, String name) {
        boolean[] declared = {false};
        new TreeScanner() {
            @Override public void visitClassDef(JCClassDecl one) {
                declared[0] |= one.name.contentEquals(name);
                super.visitClassDef(one);
            }

            @Override public void visitVarDef(JCVariableDecl one) {
                declared[0] |= one.name.contentEquals(name);
                super.visitVarDef(one);
            }

            @Override public void visitTypeParameter(JCTypeParameter one) {
                declared[0] |= one.name.contentEquals(name);
            }

            @Override public void visitImport(JCImport one) {
                declared[0] |= one.getQualifiedIdentifier().toString().endsWith("." + name);
            }
        }.scan(tree);
        return !declared[0] && in(tree).contains(name);
    }

    static boolean isOfPlatform(String name) {
        return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.");
    }

    /** The platform's public class with that name in one of the packages, or null. */
    static Class<?> provider(Set<String> packages, String name) {
        for (String each : packages) {
            if (!isOfPlatform(each)) continue;
            try {
                Class<?> found = Class.forName(each + "." + name, false, ClassLoader.getPlatformClassLoader());
                if (Modifier.isPublic(found.getModifiers())) return found;
            } catch (ClassNotFoundException | LinkageError none) {
                continue;
            }
        }
        return null;
    }

    /** Whether everything that the tree does with ``name`` can be done with that class. */
    static boolean fits(JCTree tree, String name, Class<?> type) {
        boolean[] fits = {true};
        Set<String> variables = new HashSet<>();
        new TreeScanner() {
            @Override public void visitVarDef(JCVariableDecl one) {
                if (one.vartype != null && isNamed(one.vartype, name)) variables.add(one.name.toString());
                super.visitVarDef(one);
            }
        }.scan(tree);
        new TreeScanner() {
            @Override public void visitNewClass(JCNewClass one) {
                if (isNamed(one.clazz, name)) fits[0] &= canConstruct(type, one.args.size(), one.def != null);
                super.visitNewClass(one);
            }

            @Override public void visitSelect(JCFieldAccess one) {
                if (one.selected instanceof JCIdent) {
                    String of = ((JCIdent) one.selected).name.toString();
                    if (of.equals(name) || variables.contains(of)) fits[0] &= has(type, one.name.toString());
                } else if (one.selected instanceof JCNewClass && isNamed(((JCNewClass) one.selected).clazz, name)) {
                    fits[0] &= has(type, one.name.toString());
                }
                super.visitSelect(one);
            }
        }.scan(tree);
        return fits[0];
    }

    private static boolean isNamed(JCTree type, String name) {
        JCTree raw = type instanceof JCTypeApply ? ((JCTypeApply) type).clazz : type;
        return raw instanceof JCIdent && ((JCIdent) raw).name.contentEquals(name);
    }

    private static boolean canConstruct(Class<?> type, int arguments, boolean extended) {
        if (extended && type.isInterface()) return arguments == 0;
        if (!extended && Modifier.isAbstract(type.getModifiers())) return false;
        for (Constructor<?> each : type.getConstructors()) {
            if (each.getParameterCount() == arguments || each.isVarArgs()) return true;
        }
        return false;
    }

    private static boolean has(Class<?> type, String member) {
        if (Set.of("class", "this", "super", "length").contains(member)) return true;
        for (Method each : type.getMethods()) if (each.getName().equals(member)) return true;
        for (Method each : Object.class.getMethods()) if (each.getName().equals(member)) return true;
        for (java.lang.reflect.Field each : type.getFields()) if (each.getName().equals(member)) return true;
        for (Class<?> each : type.getClasses()) if (each.getSimpleName().equals(member)) return true;
        return false;
    }
}
